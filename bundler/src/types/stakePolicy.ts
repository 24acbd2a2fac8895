import type { StakeInfo } from '@fabstir/erc4337'

/** [SREP-010] What counts as staked: MIN_STAKE_VALUE and MIN_UNSTAKE_DELAY of ERC-7562. */
export type StakePolicy = {
  /** Wei. */
  minStake: bigint
  /** Seconds. */
  minUnstakeDelay: bigint
}

/** [SREP-010] Whether an entity has enough at stake, for long enough. */
export function isStaked(
  { stake, unstakeDelaySec }: Pick<StakeInfo, 'stake' | 'unstakeDelaySec'>,
  { minStake, minUnstakeDelay }: StakePolicy,
): boolean {
  return stake >= minStake && unstakeDelaySec >= minUnstakeDelay
}
