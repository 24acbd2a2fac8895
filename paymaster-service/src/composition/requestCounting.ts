import type { RequestCounter } from '../gate/requestCounter.ts'
import { createRequestCounter } from '../gate/requestCounter.ts'
import { createSharedRequestCounter } from '../gate/sharedRequestCounter.ts'
import type { Store } from '../store/store.ts'

export type RequestCounting = {
  count: RequestCounter
  /** Seconds, with fractions, by the clock that the counter goes by. */
  now: () => number
}

/** Where requests are counted: with the store, where several instances share it, else in memory. */
export function requestCounting(store: Store): RequestCounting {
  if (store.kind === 'sqlite')
    return { count: createRequestCounter(), now: () => performance.now() / 1_000 }
  // A clock that goes back stays in the newest part of a window.
  return { count: createSharedRequestCounter(store), now: () => Date.now() / 1_000 }
}
