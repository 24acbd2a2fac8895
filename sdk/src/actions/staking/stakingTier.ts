/** Locks of staked FAB, in the order of the contract's enum. A longer one earns more, and the two longest vote more. */
export const stakingTiers = ['flexible', 'bronze', 'silver', 'gold', 'platinum'] as const

export type StakingTier = (typeof stakingTiers)[number]
