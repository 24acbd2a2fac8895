import { accusedEntity, entitiesOf } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { Mempool } from '../mempool/mempool.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'

/** Brings pool and reputation to the state that committed updates describe. */
export function applyUpdates(
  deps: {
    mempool: Pick<Mempool, 'get' | 'remove' | 'setState'>
    reputation: Pick<ReputationTracker, 'countIncluded' | 'countFailed'>
  },
  updates: readonly OperationUpdate[],
): void {
  const { mempool, reputation } = deps
  for (const update of updates) {
    switch (update.type) {
      case 'included': {
        const entry = mempool.remove(update.hash)
        if (entry) reputation.countIncluded(addresses(entitiesOf(entry.op)))
        break
      }
      case 'dropped': {
        const entry = mempool.remove(update.hash)
        const accused = accusedEntity(update.reason.rule)
        if (!entry || !accused || accused === 'aggregator') break
        const address = entitiesOf(entry.op)[accused]
        if (address) reputation.countFailed(address)
        break
      }
      case 'failed':
        mempool.setState([update.hash], 'deferred')
        break
      case 'submitted':
        mempool.setState([update.hash], 'inFlight')
        break
      case 'reorged':
        // The operation has to be read from the store first: `settle` puts it back.
        break
    }
  }
}

function addresses(entities: ReturnType<typeof entitiesOf>): Address[] {
  return Object.values(entities).filter((address) => address !== undefined)
}
