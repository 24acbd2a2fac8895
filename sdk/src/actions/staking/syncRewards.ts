import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { Token } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { rewardSpareGas } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'
import type { AddRewardEvent } from './addReward.ts'

export type SyncRewardsParameters = { token: Token }

/**
 * Makes a reward of what was sent to the stakers' pool without saying so. Anyone.
 * @example
 * await syncRewards(client, { token: 'usdc' })
 */
export const syncRewards = defineWrite<SyncRewardsParameters, AddRewardEvent>({
  contract: 'stakersPool',
  eventName: 'RewardNotified',
  prepare: ({ contracts }, { token }) =>
    oneCall(
      contracts.stakersPool,
      stakersPool.sync,
      [tokenAddress(contracts, token)],
      rewardSpareGas,
    ),
  parse: (log) => parseEvent(log, stakersPool.RewardNotified),
})

/** {@link syncRewards} that waits until it is on chain. */
export const syncRewardsSync = toSync(syncRewards)
