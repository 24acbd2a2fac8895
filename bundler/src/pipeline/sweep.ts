import type { Address } from 'viem'
import { isOver } from '../bundling/selectOperations.ts'
import type { Block } from '../chain/block.ts'
import type { Mempool, MempoolEntry } from '../mempool/mempool.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { Store, StoreChange } from '../store/store.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import { applyUpdates } from './applyUpdates.ts'

/** [GREP-020] Blocks for which an operation with a throttled entity may stay (THROTTLED_ENTITY_LIVE_BLOCKS). */
const THROTTLED_ENTITY_LIVE_BLOCKS = 10

export type SweepDependencies = {
  entryPoints: readonly Address[]
  mempool: Mempool
  reputation: ReputationTracker
  store: Pick<Store, 'commit'>
  /** Operations older than this many milliseconds are given up. */
  operationTtlMs: number
  /** Unix milliseconds. */
  now: () => number
  onUpdates: (updates: readonly OperationUpdate[]) => void
}

type Drop = Extract<OperationUpdate, { type: 'dropped' }>

/**
 * Takes out of the pool what may not stay, and journals reputation: operations whose time is over,
 * [GREP-010] those of banned entities, [GREP-020] those of throttled ones after ten blocks. Operations
 * on their way stay until their bundle is settled.
 * @returns A function to call after each block and after each change of reputation; it throws what the
 * store throws, and then nothing has changed.
 */
export function createSweeper(deps: SweepDependencies): (head: Block) => Promise<void> {
  const { mempool, reputation, store } = deps
  /** In whose place operations of the journal were admitted: their own block is not known any more. */
  let firstBlock: number | undefined

  return async (head) => {
    firstBlock ??= head.number
    const drops = [...overdue(deps, head), ...ofOutcasts(deps, head.number, firstBlock)]
    const dropped = drops.flatMap(({ hash }) => mempool.get(hash) ?? [])
    // Out of the pool first: no bundle may take them up while they are being journaled.
    for (const { hash } of dropped) mempool.setState([hash], 'arriving')
    const entries = reputation.takeChanges()
    try {
      await store.commit([
        ...drops.map(
          ({ hash, reason }): StoreChange => ({ type: 'operationDropped', hash, reason }),
        ),
        ...(entries.length > 0 ? [{ type: 'reputationSaved', entries } as const] : []),
      ])
    } catch (error) {
      for (const { hash } of dropped) mempool.setState([hash], 'waiting')
      reputation.set(entries)
      throw error
    }
    // A block may have been settled in the meantime, and what it says goes before.
    const standing = drops.filter(({ hash }) => mempool.get(hash))
    applyUpdates(deps, standing)
    if (standing.length > 0) deps.onUpdates(standing)
  }
}

function isAtRest({ state }: MempoolEntry): boolean {
  return state === 'waiting' || state === 'deferred'
}

function overdue({ mempool, now, operationTtlMs }: SweepDependencies, head: Block): Drop[] {
  const oldest = now() - operationTtlMs
  const reason = { rule: 'expired', message: 'its time ran out before it could be included' }
  return [...mempool.entries()]
    .filter((entry) => isAtRest(entry) && isOver(entry, { head, oldest }))
    .map(({ hash }) => ({ type: 'dropped', hash, reason }))
}

function ofOutcasts(deps: SweepDependencies, head: number, firstBlock: number): Drop[] {
  const { entryPoints, mempool, reputation } = deps
  const drops = new Map<string, Drop>()
  for (const entryPoint of entryPoints) {
    for (const { address, status } of reputation.outcasts(entryPoint)) {
      const rule = status === 'banned' ? 'GREP-010' : 'GREP-020'
      const message =
        status === 'banned'
          ? `${address} is banned`
          : `${address} is throttled: its operations stay for ${THROTTLED_ENTITY_LIVE_BLOCKS} blocks`
      for (const entry of mempool.withEntity(entryPoint, address)) {
        const stayed = head - (entry.addedAtBlock ?? firstBlock)
        if (!isAtRest(entry)) continue
        if (status === 'throttled' && stayed < THROTTLED_ENTITY_LIVE_BLOCKS) continue
        const { hash } = entry
        drops.set(hash, { type: 'dropped', hash, reason: { rule, message }, outcast: address })
      }
    }
  }
  return [...drops.values()]
}
