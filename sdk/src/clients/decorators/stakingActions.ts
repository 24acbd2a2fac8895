import { addReward, addRewardSync } from '../../actions/staking/addReward.ts'
import { claimAllRewards, claimAllRewardsSync } from '../../actions/staking/claimAllRewards.ts'
import { claimRewards, claimRewardsSync } from '../../actions/staking/claimRewards.ts'
import { exitEarly, exitEarlySync } from '../../actions/staking/exitEarly.ts'
import { getPositions } from '../../actions/staking/getPositions.ts'
import { getRewards } from '../../actions/staking/getRewards.ts'
import { getStakingTiers } from '../../actions/staking/getStakingTiers.ts'
import { relock, relockSync } from '../../actions/staking/relock.ts'
import { stake, stakeSync } from '../../actions/staking/stake.ts'
import { unstake, unstakeSync } from '../../actions/staking/unstake.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindTo } from './bindTo.ts'

/** Actions of those who stake FAB for rewards and votes. */
export type StakingActions = ReturnType<typeof stakingActions>

/** Binds the actions to a client. `x` resolves when the bundler has the operation, `xSync` with its event. */
export function stakingActions(client: WriteClient) {
  const bind = bindTo(client)
  return {
    /** Approves and stakes FAB in a new position. */
    stake: bind(stake),
    stakeSync: bind(stakeSync),
    /** Pays out FAB of a position whose lock is over. */
    unstake: bind(unstake),
    unstakeSync: bind(unstakeSync),
    /** Leaves a locked position at the cost of a tenth. */
    exitEarly: bind(exitEarly),
    exitEarlySync: bind(exitEarlySync),
    /** Locks a position anew. */
    relock: bind(relock),
    relockSync: bind(relockSync),
    /** Pays out what positions earned in a token. */
    claimRewards: bind(claimRewards),
    claimRewardsSync: bind(claimRewardsSync),
    /** Pays out what positions earned in every token. */
    claimAllRewards: bind(claimAllRewards),
    claimAllRewardsSync: bind(claimAllRewardsSync),
    /** Approves and gives stakers a reward. */
    addReward: bind(addReward),
    addRewardSync: bind(addRewardSync),
    /** Positions of an account. */
    getPositions: bind(getPositions),
    /** What an account could claim now. */
    getRewards: bind(getRewards),
    /** Minimum, lock and multipliers of every tier. */
    getStakingTiers: bind(getStakingTiers),
  }
}
