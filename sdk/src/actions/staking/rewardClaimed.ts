import type { Address, Log } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { decodeEvent } from '../decodeEvent.ts'

export type ClaimRewardsEvent = {
  account: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  amount: bigint
  to: Address
}

/** `RewardClaimed` in a log. */
export function parseRewardClaimed(log: Log): ClaimRewardsEvent | undefined {
  return decodeEvent(log, stakersPool.RewardClaimed)
}
