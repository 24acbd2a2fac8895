import type { Logger } from 'pino'
import type { SettlementParameters } from './settlement.ts'
import { followChain } from './settlement.ts'

export type SettlementLoop = {
  /** Whether the ledger has a place on the chain: nothing may be signed before, its charge could be missed. */
  following(): boolean
  /** Ends after the step that is under way. */
  stop(): Promise<void>
}

/**
 * Follows the chain until it is stopped. Resolves after the first step. A node that does not answer
 * is asked again.
 */
export async function startSettlementLoop(
  parameters: SettlementParameters & { pollingIntervalMs: number; log: Logger },
): Promise<SettlementLoop> {
  const { pollingIntervalMs, log } = parameters
  const stopping = new AbortController()
  let following = false
  const firstMore = await step()
  const ended = (async () => {
    for (let more = firstMore; !stopping.signal.aborted; more = await step()) {
      if (!more) await sleep(pollingIntervalMs, stopping.signal)
    }
  })()

  async function step(): Promise<boolean> {
    if (stopping.signal.aborted) return false
    try {
      const result = await followChain(parameters)
      following = true
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
      return false
    }
  }

  return {
    following: () => following,
    async stop() {
      stopping.abort()
      await ended
    },
  }
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
