import { createTransport, type EIP1193RequestFn, type Transport } from 'viem'
import { findRpcFailure } from '../errors/rpcError.ts'
import { isDropped } from '../operations/isDropped.ts'
import { within } from '../operations/within.ts'

export type FailoverConfig = {
  /** Milliseconds that one server has for an answer before the next one is asked. 10,000 by default. */
  timeout?: number | undefined
}

type Call = { method: string; params?: unknown }
type Server = { request: EIP1193RequestFn }

/** Milliseconds that the others have when one does not have an operation: it is asked about again anyway. */
const othersTimeout = 2000

/**
 * Several bundlers as one: `transport: failover([http(a), http(b)])`. The one that answered last is asked first, and
 * the next one when it does not answer, is overloaded or does not do such requests. What it says about an operation
 * itself, like a revert, holds. An operation counts as unknown, or as dropped, when none of them has it, and one that they
 * all have forgotten is sent to all of them again: as the same operation, so that it is included once at most.
 * @throws {TypeError} When there are none.
 * @example
 * const fabstir = createFabstirClient({ account, transport: failover([http(BUNDLER), http('https://other.test')]) })
 */
export function failover(
  transports: readonly Transport[],
  { timeout = 10_000 }: FailoverConfig = {},
): Transport {
  if (transports.length === 0) throw new TypeError('failover takes one transport or more.')
  return (parameters) => {
    const servers: Server[] = transports.map((transport) =>
      transport({ ...parameters, retryCount: 0 }),
    )
    const ask = (server: Server, call: Call, milliseconds: number): Promise<unknown> =>
      within(milliseconds, server.request(call as never))
    let preferred = 0

    const request = async (call: Call): Promise<unknown> => {
      let failure: unknown
      for (const index of rotated(servers.length, preferred)) {
        try {
          const answer = await ask(servers[index] as Server, call, timeout)
          preferred = index
          const isUnknown = unknownAnswers[call.method]
          if (!isUnknown?.(answer)) return answer
          const asking = servers.map(async (server) => {
            const other = await ask(server, call, othersTimeout)
            if (isUnknown(other)) throw new Error('not known here either')
            return other
          })
          return await Promise.any(asking).catch(() => answer)
        } catch (error) {
          failure = error
          if (verdicts.has(findRpcFailure(error)?.code ?? 0)) break
        }
      }
      throw failure
    }

    const transport = createTransport(
      {
        key: 'failover',
        name: 'Failover',
        type: 'failover',
        request: request as EIP1193RequestFn,
        retryCount: parameters.retryCount ?? 0,
      },
      {
        transports: servers,
        /** Sends an operation to all servers. Resolves when they have answered or failed. */
        resend: (params: readonly unknown[]) =>
          Promise.allSettled(
            servers.map((server) =>
              ask(server, { method: 'eth_sendUserOperation', params }, timeout),
            ),
          ),
      },
    )
    return transport as ReturnType<Transport>
  }
}

const rotated = (length: number, first: number) =>
  Array.from({ length }, (_, index) => (first + index) % length)

/** Codes (ERC-7769) of what is wrong with an operation itself: another bundler would say the same. */
const verdicts: ReadonlySet<number> = new Set([
  -32500, -32501, -32502, -32503, -32507, -32508, -32521, -32602,
])

/** Answers by which a server says that it does not have an operation. */
const unknownAnswers: Readonly<Record<string, (answer: unknown) => boolean>> = {
  eth_getUserOperationReceipt: isNothing,
  eth_getUserOperationByHash: isNothing,
  pimlico_getUserOperationStatus: (answer) => isDropped(Object(answer).status ?? 'not_found'),
}

function isNothing(answer: unknown): boolean {
  return answer === null || answer === undefined
}
