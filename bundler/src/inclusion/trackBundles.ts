import type { Address, Hex } from 'viem'
import type { BlockRef, Bundle } from '../types/bundle.ts'

export type BundleOutcome = {
  bundle: Bundle & { settledIn: BlockRef }
  /** Operations of the bundle that no event reported: they are free to be bundled again. */
  left: Hex[]
}

/**
 * Bundles whose nonce the chain has consumed, up to and including block `head`.
 * @param nextNonces Transaction count of every executor with a bundle in flight, at `head`.
 * @param isIncluded Whether the operation has an event at or before `head`.
 */
export function settleBundles(
  bundles: readonly Bundle[],
  head: BlockRef,
  nextNonces: ReadonlyMap<Address, number>,
  isIncluded: (hash: Hex) => boolean,
): BundleOutcome[] {
  return bundles
    .filter(({ settledIn, executor, nonce }) => {
      const next = nextNonces.get(executor)
      return !settledIn && next !== undefined && next > nonce
    })
    .map((bundle) => ({
      bundle: { ...bundle, settledIn: head },
      left: bundle.operations.filter((hash) => !isIncluded(hash)),
    }))
}
