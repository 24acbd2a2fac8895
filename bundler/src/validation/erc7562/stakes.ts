import type { StakeInfo } from '@fabstir/erc4337'
import type { StakePolicy } from '../../types/stakePolicy.ts'
import { isStaked } from '../../types/stakePolicy.ts'
import type { EntityKind } from './scene.ts'

export type EntityStakes = { account: StakeInfo } & Partial<Record<EntityKind, StakeInfo>>

/** Entities with enough stake for long enough. */
export function stakedEntities(stakes: EntityStakes, policy: StakePolicy): Set<EntityKind> {
  const kinds = ['account', 'factory', 'paymaster'] as const
  return new Set(
    kinds.filter((kind) => {
      const info = stakes[kind]
      return info !== undefined && isStaked(info, policy)
    }),
  )
}
