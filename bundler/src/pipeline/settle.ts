import type { Address, Hex } from 'viem'
import type { RpcTransactionReceipt } from '../chain/block.ts'
import { getTransactionReceipt } from '../chain/blocks.ts'
import type { HeadChange } from '../chain/headTracker.ts'
import { REORG_DEPTH } from '../chain/headTracker.ts'
import type { ChainReader } from '../chain/reader.ts'
import { undoBlocks } from '../inclusion/reorg.ts'
import type { BundleOutcome } from '../inclusion/trackBundles.ts'
import { settleBundles } from '../inclusion/trackBundles.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { buildInclusion } from '../receipts/buildReceipt.ts'
import { decodeUserOperationEvents } from '../receipts/userOperationEvent.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { Store, StoreChange } from '../store/store.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { ExecutorPool } from '../submission/executorPool.ts'
import type { BlockRef, Bundle } from '../types/bundle.ts'
import type { DropReason, OperationUpdate } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { Inclusion, UserOperationEvent } from '../types/userOperationEvent.ts'
import { applyUpdates } from './applyUpdates.ts'
import { includedUpdate } from './judgeFailure.ts'

/** Bundles that an operation may make revert on chain, the last ones alone, before it is given up. */
const MAX_REVERTED_BUNDLES = 3

/** Admitted while the node was on the new fork and this bundler still on the old one. */
const displacedByReorg: DropReason = {
  rule: 'replaced',
  message: 'a reorg made the operation pending again that had used the nonce first',
}

export type SettleDependencies = {
  entryPoints: readonly Address[]
  reader: Pick<ChainReader, 'request'>
  /** Transactions that an account had at a block. */
  transactionCountAt: (address: Address, block: BlockRef) => Promise<number>
  mempool: Mempool
  reputation: ReputationTracker
  store: Store
  bundles: BundleRegistry
  executors: ExecutorPool
  onUpdates: (updates: readonly OperationUpdate[]) => void
}

/**
 * Records what a change of the chain means for operations and bundles. Only here is a nonce declared
 * consumed. All of it is committed at once; after an error the same change can be settled again.
 * @throws RpcError `nodeUnavailable`, ChainError or StaleBlockError; then nothing has changed.
 */
export async function settle(deps: SettleDependencies, change: HeadChange): Promise<void> {
  const { store, mempool, bundles } = deps
  const undone = await undo(deps, change.removed)
  const inclusions = await includeEvents(deps, change)
  const included = new Set(inclusions.map(({ hash }) => hash))
  const restored = undone.operations.filter(({ hash }) => !included.has(hash))
  const pending = (hash: Hex) =>
    mempool.get(hash) !== undefined || restored.some((operation) => operation.hash === hash)

  const inFlight = [...bundles.inFlight(), ...undone.revived]
  const nonces = await nextNonces(deps, change, inFlight)
  const outcomes = settleBundles(
    inFlight,
    { number: change.head.number, hash: change.head.hash },
    nonces,
    (hash) => included.has(hash) || !pending(hash),
  )
  const reverted = await revertedBundles(deps, outcomes)

  const displaced = restored
    .flatMap((operation) => mempool.occupantOf(operation) ?? [])
    .filter(({ hash }) => !included.has(hash) && !restored.some((other) => other.hash === hash))
    .map(({ hash }) => ({ type: 'dropped', hash, reason: displacedByReorg }) as const)
  const keepFrom = change.head.number - REORG_DEPTH
  await store.commit([
    ...undone.updates.map(({ hash }): StoreChange => ({ type: 'inclusionUndone', hash })),
    ...undone.revived.map((bundle): StoreChange => ({ type: 'bundleSaved', bundle })),
    ...inclusions.map((inclusion): StoreChange => ({ type: 'operationIncluded', inclusion })),
    ...outcomes.map(({ bundle }): StoreChange => ({ type: 'bundleSaved', bundle })),
    ...displaced.map(
      ({ hash, reason }): StoreChange => ({ type: 'operationDropped', hash, reason }),
    ),
    ...headMoved(change, keepFrom),
  ])

  if (change.removed.length > 0) mempool.forgetNonces()
  for (const operation of restored) mempool.restore(operation)
  for (const bundle of undone.revived) bundles.set(bundle)
  for (const { bundle } of outcomes) bundles.set(bundle)
  bundles.forgetSettledBefore(keepFrom)
  const updates = [...undone.updates, ...displaced, ...inclusions.map(includedUpdate)]
  applyUpdates(deps, updates)
  for (const event of decodeUserOperationEvents(change.logs, deps.entryPoints)) {
    mempool.nonceUsed(event.entryPoint, event.sender, event.nonce)
  }
  for (const bundle of bundles.inFlight()) mempool.setState(bundle.operations, 'inFlight')
  for (const { left } of outcomes) {
    mempool.setState(
      left.filter((hash) => !bundles.carrierOf(hash)),
      'waiting',
    )
  }
  for (const [executor, nonce] of nonces) deps.executors.setConfirmedNonce(executor, nonce)
  deps.onUpdates(updates)
  await giveUpRepeatOffenders(deps, reverted)
}

/** Looks again at bundles in flight when the head has not changed. */
export function settleAtHead(deps: SettleDependencies, head: HeadChange['head']): Promise<void> {
  return settle(deps, { head, removed: [], added: [], logs: [] })
}

type Undone = {
  updates: Extract<OperationUpdate, { type: 'reorged' }>[]
  operations: PooledOperation[]
  revived: Bundle[]
}

async function undo(deps: SettleDependencies, removed: readonly BlockRef[]): Promise<Undone> {
  if (removed.length === 0) return { updates: [], operations: [], revived: [] }
  const inBlocks = await Promise.all(removed.map(({ hash }) => deps.store.inclusionsInBlock(hash)))
  const { updates, revived } = undoBlocks(removed, inBlocks.flat(), deps.bundles.all())
  const stored = await Promise.all(updates.map(({ hash }) => deps.store.findOperation(hash)))
  return { updates, revived, operations: stored.flatMap((found) => found?.operation ?? []) }
}

/** Inclusions of the operations that this bundler knows, whoever sent them. */
async function includeEvents(deps: SettleDependencies, change: HeadChange): Promise<Inclusion[]> {
  const events: UserOperationEvent[] = []
  for (const event of decodeUserOperationEvents(change.logs, deps.entryPoints)) {
    const known =
      deps.mempool.get(event.userOpHash) ?? (await deps.store.findOperation(event.userOpHash))
    if (known) events.push(event)
  }
  const hashes = [...new Set(events.map(({ transactionHash }) => transactionHash))]
  const receipts = new Map<Hex, RpcTransactionReceipt>()
  await Promise.all(
    hashes.map(async (hash) => {
      const receipt = await getTransactionReceipt(deps.reader, hash)
      if (receipt) receipts.set(hash, receipt)
    }),
  )
  return events.map((event) => {
    const receipt = receipts.get(event.transactionHash)
    if (receipt?.blockHash !== event.blockHash) throw new StaleBlockError(event.blockHash)
    return buildInclusion(event, receipt)
  })
}

/** Transaction counts at the settled head: of executors with bundles in flight, after a reorg of all. */
async function nextNonces(
  deps: SettleDependencies,
  change: HeadChange,
  inFlight: readonly Bundle[],
): Promise<Map<Address, number>> {
  const ofReorg = change.removed.length > 0 ? deps.executors.addresses() : []
  const executors = new Set([...inFlight.map(({ executor }) => executor), ...ofReorg])
  const counts = await Promise.all(
    [...executors].map(
      async (address) => [address, await deps.transactionCountAt(address, change.head)] as const,
    ),
  )
  return new Map(counts)
}

/** Bundles with operations left over because a transaction of the bundle itself reverted. */
async function revertedBundles(
  deps: SettleDependencies,
  outcomes: readonly BundleOutcome[],
): Promise<BundleOutcome[]> {
  const reverted: BundleOutcome[] = []
  for (const outcome of outcomes) {
    if (outcome.left.length === 0) continue
    const receipts = await Promise.all(
      outcome.bundle.transactions.map(({ hash }) => getTransactionReceipt(deps.reader, hash)),
    )
    if (receipts.some((receipt) => receipt?.status === '0x0')) reverted.push(outcome)
  }
  return reverted
}

async function giveUpRepeatOffenders(
  deps: SettleDependencies,
  reverted: readonly BundleOutcome[],
): Promise<void> {
  const message = `${MAX_REVERTED_BUNDLES} bundles with it reverted on chain`
  const updates = reverted
    .flatMap(({ left }) => left)
    .filter((hash) => deps.mempool.countRevert(hash) >= MAX_REVERTED_BUNDLES)
    .map((hash) => ({ type: 'dropped', hash, reason: { rule: 'bundleReverts', message } }) as const)
  if (updates.length === 0) return
  await deps.store.commit(
    updates.map(({ hash, reason }) => ({ type: 'operationDropped', hash, reason })),
  )
  applyUpdates(deps, updates)
  deps.onUpdates(updates)
}

function headMoved({ removed, added }: HeadChange, keepFrom: number): StoreChange[] {
  if (removed.length === 0 && added.length === 0) return []
  return [{ type: 'headMoved', removed, added, keepFrom }]
}

/** The chain changed while it was being read. The next poll sees the new one. */
export class StaleBlockError extends Error {
  override name = 'StaleBlockError'
  blockHash: Hex

  constructor(blockHash: Hex) {
    super(`block ${blockHash} is no longer canonical`)
    this.blockHash = blockHash
  }
}
