import type { Address, Log } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { parseEvent } from '../parseEvent.ts'

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
  return parseEvent(log, stakersPool.RewardClaimed)
}
