import type { Address } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { rewardSpareGas, withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type AddRewardParameters = { amount: TokenAmount }
export type AddRewardEvent = {
  /** `address(0)` is ETH. */
  token: Address
  from: Address
  /** Smallest unit of the token. */
  amount: bigint
  /** Unix seconds at which all is streamed to the stakers. */
  endsAt: bigint
}

/**
 * Approves and gives stakers a reward, which is streamed to them over seven days: one operation.
 * @throws {InsufficientBalanceError} When the account holds less than that.
 * @example
 * await addReward(client, { amount: usdc(1000) })
 */
export const addReward = defineWrite<AddRewardParameters, AddRewardEvent>({
  contract: 'stakersPool',
  eventName: 'RewardNotified',
  prepare({ contracts }, { amount: { token, value } }) {
    const address = tokenAddress(contracts, token)
    const call = encodeCall(contracts.stakersPool, stakersPool.notifyReward, [address, value])
    return withPull(call, address, value, rewardSpareGas)
  },
  parse: (log) => parseEvent(log, stakersPool.RewardNotified),
})

/** {@link addReward} that waits until it is on chain. */
export const addRewardSync = toSync(addReward)
