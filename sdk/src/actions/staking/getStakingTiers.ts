import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { type StakingTier, stakingTiers } from './stakingTier.ts'

export type StakingTierTerms = {
  tier: StakingTier
  /** FAB in wei that a position holds at least. */
  minimum: bigint
  /** Seconds. */
  lock: number
  /** Share of rewards for each FAB; 10,000 is once. */
  rewardBps: number
  /** Votes for each FAB; 10,000 is once. */
  voteBps: number
}

/**
 * Minimum, lock and multipliers of every tier.
 * @example
 * const tiers = await getStakingTiers(client)
 */
export async function getStakingTiers(client: ReadClient): Promise<StakingTierTerms[]> {
  return Promise.all(
    stakingTiers.map(async (tier, index) => ({
      tier,
      ...(await readView(client, client.contracts.stakersPool, stakersPool.tierTerms, [index])),
    })),
  )
}
