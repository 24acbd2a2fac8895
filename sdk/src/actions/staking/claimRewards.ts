import type { Address } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { Token } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { rewardSpareGas, transferSpareGas } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'
import { type ClaimRewardsEvent, parseRewardClaimed } from './rewardClaimed.ts'

export type ClaimRewardsParameters = {
  token: Token
  /** The account itself by default. */
  to?: Address | undefined
}

/**
 * Pays out what the account's positions earned in a token.
 * @throws {EventNotFoundError} By the form that waits, when nothing was earned.
 * @example
 * await claimRewards(client, { token: 'usdc' })
 */
export const claimRewards = defineWrite<ClaimRewardsParameters, ClaimRewardsEvent>({
  contract: 'stakersPool',
  eventName: 'RewardClaimed',
  prepare({ contracts }, { token, to }) {
    const address = tokenAddress(contracts, token)
    return oneCall(
      contracts.stakersPool,
      stakersPool.claim,
      to ? [address, to] : [address],
      rewardSpareGas + transferSpareGas,
    )
  },
  parse: parseRewardClaimed,
})

/** {@link claimRewards} that waits until it is on chain. */
export const claimRewardsSync = toSync(claimRewards)
