import type { Logger } from 'pino'
import { ChainMismatchError } from './chainMismatchError.ts'
import type { SettlementParameters } from './settlement.ts'
import { followChain, maxRange } from './settlement.ts'

export type SettlementLoop = {
  /** Whether the ledger has a place on the chain: nothing may be signed before, its charge could be missed. */
  following(): boolean
  /** Milliseconds since the last step that the node and the store answered. */
  quietMs(): number
  /** Milliseconds since the last step ended, however it did: a loop that hangs shows here. */
  idleMs(): number
  /** Ends after the step that is under way. */
  stop(): Promise<void>
}

/**
 * Follows the chain until it is stopped. Resolves after the first step. A node that does not answer
 * is asked again, and for fewer blocks at once: providers refuse ranges that are long for them.
 */
export async function startSettlementLoop(
  parameters: SettlementParameters & {
    pollingIntervalMs: number
    log: Logger
    /** Milliseconds that never go back. */
    now: () => number
  },
): Promise<SettlementLoop> {
  const { pollingIntervalMs, log, now } = parameters
  const stopping = new AbortController()
  let isRightChain = false
  let following = false
  let range = maxRange
  let answeredAt = now()
  let endedAt = answeredAt
  const firstMore = await step()
  const ended = (async () => {
    for (let more = firstMore; !stopping.signal.aborted; more = await step()) {
      if (!more) await sleep(pollingIntervalMs, stopping.signal)
    }
  })()

  async function step(): Promise<boolean> {
    if (stopping.signal.aborted) return false
    try {
      if (!isRightChain) await assertChain(parameters)
      isRightChain = true
      const result = await followChain({ ...parameters, range })
      following ||= result !== undefined || (await hasPlace(parameters))
      answeredAt = now()
      range = range + range / 8n + 1n
      if (range > maxRange) range = maxRange
      if (!result) return false
      for (const { sender, nonce, cost, transactionHash } of result.unknown) {
        log.error(
          { sender, nonce: `${nonce}`, cost: `${cost}`, transactionHash },
          'the paymaster paid for an operation that is not in the ledger',
        )
      }
      if (result.settled || result.released)
        log.info({ settled: result.settled, released: result.released }, 'ledger follows the chain')
      return result.more
    } catch (error) {
      log.warn({ err: error }, 'the ledger cannot follow the chain')
      range = range / 2n || 1n
      return false
    } finally {
      endedAt = now()
    }
  }

  return {
    following: () => following,
    quietMs: () => now() - answeredAt,
    idleMs: () => now() - endedAt,
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

/** Blocks of another chain would release what is still promised on ours. */
async function assertChain({
  chain,
  chainId,
}: Pick<SettlementParameters, 'chain' | 'chainId'>): Promise<void> {
  const found = await chain.chainId()
  if (found !== chainId) throw new ChainMismatchError(chainId, found)
}

/** Whether the ledger knows where it is: a step that changed nothing does not say so. */
async function hasPlace({
  ledger,
  chainId,
}: Pick<SettlementParameters, 'ledger' | 'chainId'>): Promise<boolean> {
  return (await ledger.followedBlocks(chainId)).length > 0
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
