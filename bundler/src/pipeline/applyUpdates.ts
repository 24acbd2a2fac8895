import type { Mempool } from '../mempool/mempool.ts'
import { blame, effectOfOutcast, effectOnAll } from '../reputation/blame.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import { operationEntities } from './operationEntities.ts'

/** Brings pool and reputation to the state that committed updates describe. */
export function applyUpdates(
  deps: {
    mempool: Pick<Mempool, 'get' | 'remove' | 'setState'>
    reputation: Pick<ReputationTracker, 'apply'>
  },
  updates: readonly OperationUpdate[],
): void {
  const { mempool, reputation } = deps
  for (const update of updates) {
    switch (update.type) {
      case 'included': {
        const entry = mempool.remove(update.hash)
        if (!entry) break
        const entities = operationEntities(entry.op, entry.record)
        reputation.apply(entry.entryPoint.address, effectOnAll(entities, 'included'))
        break
      }
      case 'dropped': {
        const entry = mempool.remove(update.hash)
        if (!entry) break
        const { reason, phase, outcast } = update
        const entities = operationEntities(entry.op, entry.record)
        reputation.apply(
          entry.entryPoint.address,
          outcast
            ? effectOfOutcast(entities, outcast)
            : blame(entities, { rule: reason.rule, phase, accused: reason.entity }),
        )
        break
      }
      case 'failed':
        mempool.setState([update.hash], 'deferred')
        break
      case 'submitted':
        mempool.setState([update.hash], 'inFlight')
        break
      case 'reorged': {
        // Unless another block of the same change included it again, `settle` has put it back.
        const entry = mempool.get(update.hash)
        if (!entry) break
        const entities = operationEntities(entry.op, entry.record)
        reputation.apply(entry.entryPoint.address, effectOnAll(entities, 'unincluded'))
      }
    }
  }
}
