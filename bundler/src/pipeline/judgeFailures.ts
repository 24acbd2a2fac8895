import type { Hex } from 'viem'
import type { OperationFailure } from '../bundling/dryRun.ts'
import type { Block } from '../chain/block.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { Store, StoreChange } from '../store/store.ts'
import type { DropReason, OperationUpdate } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'
import { applyUpdates } from './applyUpdates.ts'
import { judgeFailure } from './judgeFailure.ts'

export type JudgeFailuresDependencies = {
  reader: Pick<ChainReader, 'call'>
  mempool: Pick<Mempool, 'get' | 'remove' | 'setState'>
  reputation: Pick<ReputationTracker, 'apply'>
  store: Pick<Store, 'commit'>
  findInclusionOnChain: (hash: Hex, minBlock: number) => Promise<Inclusion | undefined>
  /** Operations in blocks after `head`; `undefined` when nobody can tell. Throws as the node does. */
  findUnsettled: (
    head: Pick<Block, 'number'>,
    seenBlock: number | undefined,
  ) => Promise<ReadonlySet<Hex> | undefined>
  /** To be called after a change of reputation. */
  sweep: (head: Block) => Promise<void>
  onUpdates: (updates: readonly OperationUpdate[]) => void
}

/**
 * Judges operations that failed the dry run of their bundle, and journals what comes of it.
 * @param seenBlock Number of the newest block that the dry run saw, where it is known.
 * @throws RpcError `nodeUnavailable`: then none of them is judged.
 */
export async function judgeFailures(
  deps: JudgeFailuresDependencies,
  failures: readonly OperationFailure[],
  { head, seenBlock }: { head: Block; seenBlock: number | undefined },
): Promise<void> {
  if (failures.length === 0) return
  const unsettled = await deps.findUnsettled(head, seenBlock)
  const judgements = await Promise.all(
    failures.map((failure) => judgeFailure({ ...deps, head, unsettled }, failure)),
  )
  const inclusions = judgements.flatMap(({ inclusion }) => inclusion ?? [])
  await commitUpdates(
    deps,
    judgements.map(({ update }) => update),
    inclusions.map((inclusion) => ({ type: 'operationIncluded', inclusion })),
  )
  await deps.sweep(head)
}

/** Operations that are not at fault and wait for the next block. */
export function deferUpdates(
  deps: JudgeFailuresDependencies,
  operations: readonly PooledOperation[],
  reason: DropReason,
): Promise<void> {
  const updates = operations.map(({ hash }) => ({ type: 'failed', hash, reason }) as const)
  return commitUpdates(deps, updates)
}

async function commitUpdates(
  deps: JudgeFailuresDependencies,
  updates: readonly OperationUpdate[],
  changes: readonly StoreChange[] = [],
): Promise<void> {
  const drops = updates.filter((update) => update.type === 'dropped')
  await deps.store.commit([
    ...drops.map(({ hash, reason }): StoreChange => ({ type: 'operationDropped', hash, reason })),
    ...changes,
  ])
  // A block may have been settled in the meantime, and what it says goes before.
  const standing = updates.filter(({ hash }) => deps.mempool.get(hash))
  applyUpdates(deps, standing)
  deps.onUpdates(standing)
}
