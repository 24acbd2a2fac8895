import type { Entity } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { OperationEntity } from './blame.ts'
import type { Counts, ReputationStatus } from './reputation.ts'
import { opsAllowed } from './reputation.ts'

/** [GREP-020] Operations with a throttled entity that the mempool holds (THROTTLED_ENTITY_MEMPOOL_COUNT). */
export const THROTTLED_ENTITY_MEMPOOL_COUNT = 4

/** Most operations that the mempool holds with an entity. */
export type Quota = {
  role: Entity
  address: Address
  /** Operations, the new one included. */
  limit: number
  rule: 'GREP-020' | 'UREP-010' | 'UREP-020'
}

/** Standing of an entity at an EntryPoint. Trusted ones are never limited. */
export type Standing = { status: ReputationStatus; counts: Counts; trusted: boolean }

/**
 * Limits that the entities of a new operation are under.
 * [SREP-040] None for an `ok` staked one. An unstaked factory has none of its own: each of its
 * operations has another sender.
 * @param maxOperationsPerSender [UREP-010] Of an unstaked sender.
 */
export function quotasOf(
  entities: readonly OperationEntity[],
  standingOf: (address: Address) => Standing,
  maxOperationsPerSender: number,
): Quota[] {
  return entities.flatMap(({ role, address, staked }): Quota[] => {
    const { status, counts, trusted } = standingOf(address)
    if (trusted) return []
    if (status !== 'ok') {
      return [{ role, address, limit: THROTTLED_ENTITY_MEMPOOL_COUNT, rule: 'GREP-020' }]
    }
    if (staked) return []
    if (role === 'account') {
      return [{ role, address, limit: maxOperationsPerSender, rule: 'UREP-010' }]
    }
    if (role !== 'paymaster') return []
    return [{ role, address, limit: opsAllowed(counts), rule: 'UREP-020' }]
  })
}
