/** Locks of staked FAB, in the order of the contract's enum. A longer one earns more, and the two longest vote more. */
export const stakingTiers = ['flexible', 'bronze', 'silver', 'gold', 'platinum'] as const

/**
 * Votes of the account and of all stakers are recorded once for each time, beside those of the FAB that moves, and the
 * streams of all rewards (`rewardSpareGas`) are brought to that time.
 */
export const stakingSpareGas = 100_000n

export type StakingTier = (typeof stakingTiers)[number]
