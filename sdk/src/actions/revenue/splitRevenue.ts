import { type Address, isAddressEqual } from 'viem'
import * as revenueSplitter from '../../contracts/generated/revenueSplitter.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { rewardSpareGas, withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type SplitRevenueParameters = {
  amount: TokenAmount
  /** Who earned it. */
  host: Address
}
export type SplitRevenueEvent = {
  /** `address(0)` is ETH. */
  token: Address
  host: Address
  /** Smallest unit of the token, as the next two. */
  toHost: bigint
  toTreasury: bigint
  toStakers: bigint
}

/**
 * Approves and divides revenue that was earned outside of the marketplace: 85 % to the host, 10 % to the treasury, 5 %
 * to the stakers: one operation. Host and treasury withdraw their parts.
 * @throws {InsufficientBalanceError} When the account holds less than that.
 * @example
 * const { toHost } = await splitRevenueSync(client, { amount: usdc(100), host })
 */
export const splitRevenue = defineWrite<SplitRevenueParameters, SplitRevenueEvent>({
  contract: 'revenueSplitter',
  eventName: 'RevenueSplit',
  prepare({ contracts }, { amount: { token, value }, host }) {
    const address = tokenAddress(contracts, token)
    const { revenueSplitter: to } = contracts
    const call = encodeCall(to, revenueSplitter.split, [address, value, host])
    return withPull(call, address, value, rewardSpareGas)
  },
  parse: (log) => parseEvent(log, revenueSplitter.RevenueSplit),
  belongs: (event, { host }) => isAddressEqual(event.host, host),
})

/** {@link splitRevenue} that waits until it is on chain. */
export const splitRevenueSync = toSync(splitRevenue)
