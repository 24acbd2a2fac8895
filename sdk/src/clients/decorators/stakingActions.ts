import { addReward } from '../../actions/staking/addReward.ts'
import { claimAllRewards } from '../../actions/staking/claimAllRewards.ts'
import { claimRewards } from '../../actions/staking/claimRewards.ts'
import { exitEarly } from '../../actions/staking/exitEarly.ts'
import { getPositions } from '../../actions/staking/getPositions.ts'
import { getRewards } from '../../actions/staking/getRewards.ts'
import { getStakingTiers } from '../../actions/staking/getStakingTiers.ts'
import { lapsePosition } from '../../actions/staking/lapsePosition.ts'
import { relock } from '../../actions/staking/relock.ts'
import { stake } from '../../actions/staking/stake.ts'
import { syncRewards } from '../../actions/staking/syncRewards.ts'
import { unstake } from '../../actions/staking/unstake.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindActions } from './bindActions.ts'

/** Actions of those who stake FAB for rewards and votes. */
export type StakingActions = ReturnType<typeof stakingActions>

/**
 * Actions of those who stake FAB for rewards and votes: bound to a client.
 * @example
 * const staker = createFabstirClient({ account, transport, paymaster }).extend(stakingActions)
 */
export function stakingActions(client: WriteClient) {
  return bindActions(client, {
    /** Approves and stakes FAB in a new position. */
    stake,
    /** Pays out FAB of a position whose lock is over. */
    unstake,
    /** Leaves a locked position at the cost of a tenth. */
    exitEarly,
    /** Locks a position anew. */
    relock,
    /** Pays out what positions earned in a token. */
    claimRewards,
    /** Pays out what positions earned in every token. */
    claimAllRewards,
    /** Approves and gives stakers a reward. */
    addReward,
    /** Makes a reward of what was sent to the pool without saying so. */
    syncRewards,
    /** Ends the multipliers of a position whose lock is over. */
    lapsePosition,
    /** Positions of an account. */
    getPositions,
    /** What an account could claim now. */
    getRewards,
    /** Minimum, lock and multipliers of every tier. */
    getStakingTiers,
  })
}
