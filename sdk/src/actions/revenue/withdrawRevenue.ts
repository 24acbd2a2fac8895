import type { Address } from 'viem'
import * as revenueSplitter from '../../contracts/generated/revenueSplitter.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { Token } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type WithdrawRevenueParameters = {
  token: Token
  /** The account itself by default. */
  to?: Address | undefined
}
export type WithdrawRevenueEvent = {
  account: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  amount: bigint
  to: Address
}

/**
 * Pays out the account's part of revenue that was split, in a token.
 * @example
 * await withdrawRevenue(client, { token: 'usdc' })
 */
export const withdrawRevenue = defineWrite<WithdrawRevenueParameters, WithdrawRevenueEvent>({
  contract: 'revenueSplitter',
  eventName: 'Withdrawn',
  prepare({ contracts }, { token, to }) {
    const address = tokenAddress(contracts, token)
    const { revenueSplitter: splitter } = contracts
    return oneCall(splitter, revenueSplitter.withdraw, to ? [address, to] : [address])
  },
  parse: (log) => parseEvent(log, revenueSplitter.Withdrawn),
})

/** {@link withdrawRevenue} that waits until it is paid. */
export const withdrawRevenueSync = toSync(withdrawRevenue)
