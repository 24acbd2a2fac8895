import type { SmartAccount } from 'viem/account-abstraction'
import type { FabstirAccountExtension } from '../accounts/fabstir/nonceLanes.ts'
import type { WriteClient } from '../types/client.ts'
import { createLaneQueue } from './laneQueue.ts'
import { createUnansweredOperations } from './unansweredOperations.ts'

type KeyQueues = Pick<WriteClient, 'lanes' | 'unanswered'>

/** What is under way, by account and key: clients that share a key share its nonces. */
export type OperationQueues = {
  of(account: SmartAccount & Partial<FabstirAccountExtension>): KeyQueues
}

/** One entry for each key that was used; a key's entry stays, since what it has sent may still be under way. */
export function createOperationQueues(): OperationQueues {
  const queues = new Map<string, KeyQueues>()
  return {
    of({ address, nonceKey, nonceLanes = 1 }) {
      const id = `${address.toLowerCase()}:${nonceKey?.(0) ?? 'own'}`
      const existing = queues.get(id)
      if (existing) return existing
      const created = {
        lanes: createLaneQueue(nonceLanes),
        unanswered: createUnansweredOperations(),
      }
      queues.set(id, created)
      return created
    },
  }
}
