import type { Hex } from 'viem'
import type { BlockRef, Bundle } from '../types/bundle.ts'
import type { DropReason } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { ReputationEntry } from '../types/reputationEntry.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'

/** One step of an operation's or a bundle's life, as the journal records it. */
export type StoreChange =
  /** `replaces` is the operation whose place in the pool it takes. */
  | { type: 'operationAdded'; operation: PooledOperation; replaces?: Hex }
  /** Nothing, where it has been included in the meantime. */
  | { type: 'operationDropped'; hash: Hex; reason: DropReason }
  /** New, or with one more transaction, or settled. */
  | { type: 'bundleSaved'; bundle: Bundle }
  | { type: 'bundleRemoved'; id: string }
  | { type: 'operationIncluded'; inclusion: Inclusion }
  /** Its block is no longer canonical: the receipt goes, the operation is pending again. */
  | { type: 'inclusionUndone'; hash: Hex }
  /** Replaces what was recorded of these entities; one without a past is forgotten. */
  | { type: 'reputationSaved'; entries: readonly ReputationEntry[] }
  | { type: 'reputationCleared' }
  /** Blocks whose events are fully recorded. Older ones than `keepFrom` are forgotten. */
  | { type: 'headMoved'; removed: BlockRef[]; added: BlockRef[]; keepFrom: number }

export type OperationState = 'pending' | 'dropped' | 'included'

export type StoredOperation = {
  operation: PooledOperation
  state: OperationState
  reason?: DropReason
}

/** Identity of the chain that a store belongs to. */
export type ChainIdentity = { chainId: number; genesisHash: Hex }

/**
 * The journal and the index of receipts.
 * `commit` applies all changes or none, and they survive `kill -9` once it resolves.
 */
export type Store = {
  commit(changes: readonly StoreChange[]): Promise<void>
  /**
   * Binds an empty store to a chain.
   * @throws WrongChainError when it already belongs to another one.
   */
  bindChain(chain: ChainIdentity): Promise<void>
  /** Pending operations, oldest admission first. */
  pendingOperations(): Promise<PooledOperation[]>
  /** Bundles in flight, and settled ones that a reorg could still revive. */
  bundles(): Promise<Bundle[]>
  findOperation(hash: Hex): Promise<StoredOperation | undefined>
  findInclusion(hash: Hex): Promise<Inclusion | undefined>
  inclusionsInBlock(blockHash: Hex): Promise<Inclusion[]>
  /** Entities with a past, in no particular order. */
  reputations(): Promise<ReputationEntry[]>
  /** Recorded blocks, oldest first. */
  recentBlocks(): Promise<BlockRef[]>
  /** Forgets pending operations and bundles; receipts stay. */
  clearPending(): Promise<void>
  /** Resolves when the store can be written. */
  check(): Promise<void>
  close(): Promise<void>
}

/** The store was written for another chain, so its operations and receipts mean nothing here. */
export class WrongChainError extends Error {
  override name = 'WrongChainError'
  expected: ChainIdentity
  found: ChainIdentity

  constructor(expected: ChainIdentity, found: ChainIdentity) {
    super(
      `the store belongs to chain ${found.chainId} with genesis block ${found.genesisHash}, ` +
        `but the node is on chain ${expected.chainId} with genesis block ${expected.genesisHash}`,
    )
    this.expected = expected
    this.found = found
  }
}
