import type { SmartAccount } from 'viem/account-abstraction'
import type { FabstirAccountExtension } from '../accounts/fabstir/nonceLanes.ts'
import type { WriteClient } from '../types/client.ts'
import { createLaneQueue } from './laneQueue.ts'
import { createSentOperations, type OperationStorage } from './sentOperations.ts'

type KeyQueues = Pick<WriteClient, 'lanes' | 'sent'>

/** What is under way, by account and key: clients that share a key share its nonces. */
export type OperationQueues = {
  of(account: SmartAccount & Partial<FabstirAccountExtension>, chainId: number): KeyQueues
}

/** Clients that share a storage share what is in it. */
const stored = new WeakMap<OperationStorage, OperationQueues>()

/**
 * One entry for each key that was used; a key's entry stays, since what it has sent may still be under way.
 * @param storage Of operations whose end nobody has seen; memory only when it is left out.
 */
export function createOperationQueues(storage?: OperationStorage): OperationQueues {
  const existing = storage && stored.get(storage)
  if (existing) return existing
  const queues = new Map<string, KeyQueues>()
  const created: OperationQueues = {
    of({ address, nonceKey, nonceLanes = 1 }, chainId) {
      const id = `fabstir:${chainId}:${address.toLowerCase()}:${nonceKey?.(0) ?? 'own'}`
      const existing = queues.get(id)
      if (existing) return existing
      const created = {
        lanes: createLaneQueue(nonceLanes),
        sent: createSentOperations(storage, id),
      }
      queues.set(id, created)
      return created
    },
  }
  if (storage) stored.set(storage, created)
  return created
}
