import type { Hex } from 'viem'
import type { BlockRef, Bundle } from '../types/bundle.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'

export type ReorgEffects = {
  /** One `reorged` per operation whose receipt is void. */
  updates: Extract<OperationUpdate, { type: 'reorged' }>[]
  /**
   * Bundles whose nonce is free again. They stay the only carrier of their operations: their
   * transactions are sent again on the same nonce, so that nothing can be included twice.
   */
  revived: Bundle[]
}

/** What it means that `removed` blocks are no longer canonical. */
export function undoBlocks(
  removed: readonly BlockRef[],
  inclusions: readonly Inclusion[],
  bundles: readonly Bundle[],
): ReorgEffects {
  const gone = new Set<Hex>(removed.map(({ hash }) => hash))
  const updates = inclusions
    .filter(({ block }) => gone.has(block.hash))
    .map(({ hash, block }) => ({ type: 'reorged', hash, blockHash: block.hash }) as const)
  const revived = bundles.flatMap(({ settledIn, ...bundle }) =>
    settledIn && gone.has(settledIn.hash) ? [bundle] : [],
  )
  return { updates, revived }
}
