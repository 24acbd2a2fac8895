import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { oneCall } from '../encodeCall.ts'
import { rewardSpareGas, transferSpareGas } from '../pull.ts'
import { defineWriteMany, toSync } from '../write.ts'
import { type ClaimRewardsEvent, parseRewardClaimed } from './rewardClaimed.ts'

export type ClaimAllRewardsEvent = { rewards: ClaimRewardsEvent[] }

/**
 * Pays out what the account's positions earned in every reward token.
 * @example
 * const { rewards } = await claimAllRewardsSync(client)
 */
export const claimAllRewards = defineWriteMany<
  Record<never, never>,
  ClaimRewardsEvent,
  ClaimAllRewardsEvent
>({
  contract: 'stakersPool',
  eventName: 'RewardClaimed',
  prepare: ({ contracts }) =>
    oneCall(
      contracts.stakersPool,
      stakersPool.claimAll,
      [],
      2n * rewardSpareGas + transferSpareGas,
    ),
  parse: parseRewardClaimed,
  gather: (rewards) => ({ rewards }),
})

/** {@link claimAllRewards} that waits until it is on chain. */
export const claimAllRewardsSync = toSync(claimAllRewards)
