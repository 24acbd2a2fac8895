import type { PooledOperation } from '../types/pooledOperation.ts'

/**
 * `arriving`: in the pool, not yet in the journal. `waiting`: may be bundled.
 * `deferred`: not before the next block. `inFlight`: carried by a bundle.
 */
export type EntryState = 'arriving' | 'waiting' | 'deferred' | 'inFlight'

export type MempoolEntry = PooledOperation & {
  state: EntryState
  /** Bundles that carried it and reverted on chain. */
  revertedBundles: number
  /** A bundle with it failed and it may be the reason: it goes alone. */
  suspect: boolean
  /** Counts insertions: among equal fees the lowest goes first. */
  order: number
  /** Head of the chain at admission; after a restart the first one that was seen. */
  addedAtBlock?: number
}
