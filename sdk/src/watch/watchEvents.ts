import type { ReadClient } from '../types/client.ts'
import type { Checked, ContractEvents } from './contractEvent.ts'
import { delayOf, type Retry } from './follow.ts'
import { type EventBatch, type FollowOptions, followEvents } from './followEvents.ts'
import { pauseUntil } from './pauseUntil.ts'

/** What became of a failure: when it is tried again, or that watching has ended. */
export type WatchFailure = Partial<Retry> & { ended: boolean }

export type WatchHandlers<events extends ContractEvents> = {
  /**
   * Takes events, one batch after the other; waited for. A batch whose handler fails is given again: keep what you make
   * of it together with the cursor, in one transaction.
   */
  onEvents: (
    events: EventBatch<events>['events'],
    batch: Omit<EventBatch<events>, 'events'>,
  ) => void | Promise<void>
  /** Told of every failure, of the node and of `onEvents`; with `ended` of the one that ends watching. */
  onError: (error: unknown, failure: WatchFailure) => void
}

export type WatchOptions<events extends ContractEvents> = FollowOptions & WatchHandlers<events>

export type WatchEventsParameters<events extends ContractEvents> = WatchOptions<events> & {
  /** What to watch, like `jobEvents`; an event comes under the first of these names that it fits. */
  events: events & Checked<events>
}

/** Ends watching; no handler is called any more. */
export type Unwatch = () => void

/**
 * Watches events of contracts. Reorganisations, lost connections and restarts leave nothing out and bring nothing
 * twice: what was given to `onEvents`, less what was `removed`, is always what stands on one chain.
 * @returns Ends watching.
 * @example
 * const unwatch = watchEvents(client, {
 *   events: { opened: { ...sessionEvents.SessionJobCreated, args: { host } } },
 *   onEvents(events) {
 *     for (const { args, removed } of events) console.log(args.jobId, args.deposit, removed)
 *   },
 *   onError: (error, { ended }) => console.error(error, ended),
 * })
 * unwatch()
 */
export function watchEvents<const events extends ContractEvents>(
  client: ReadClient,
  { onEvents, onError, signal: given, ...parameters }: WatchEventsParameters<events>,
): Unwatch {
  const end = new AbortController()
  const signal = given ? AbortSignal.any([given, end.signal]) : end.signal
  const onFailure = (error: unknown, retry: Retry) => {
    if (!signal.aborted) onError(error, { ...retry, ended: false })
  }
  const run = async () => {
    for await (const { events, ...batch } of followEvents(client, {
      ...(parameters as WatchEventsParameters<events>),
      signal,
      onFailure,
    }))
      await giveUntilTaken(() => onEvents(events, batch), {
        signal,
        onFailure,
        maximum: parameters.maxBackOff ?? 30_000,
      })
  }
  run().catch((error: unknown) => {
    if (!signal.aborted) onError(error, { ended: true })
  })
  return () => end.abort()
}

async function giveUntilTaken(
  give: () => void | Promise<void>,
  options: {
    signal: AbortSignal
    onFailure: (error: unknown, retry: Retry) => void
    maximum: number
  },
) {
  const { signal, onFailure, maximum } = options
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await give()
    } catch (error) {
      const retryIn = delayOf(attempt, { first: 250, maximum })
      onFailure(error, { attempt, retryIn })
      await pauseUntil(retryIn, signal)
    }
  }
}
