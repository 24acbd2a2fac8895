import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { Token } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type WithdrawParameters = {
  token: Token
  /** The account itself by default. A session key can pay out to the account only, and sponsors pay for no other. */
  to?: Address | undefined
}
export type WithdrawEvent = {
  account: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  amount: bigint
  to: Address
}

/**
 * Pays out everything that the marketplace owes the account in a token.
 * @example
 * await withdraw(client, { token: 'usdc' })
 */
export const withdraw = defineWrite<WithdrawParameters, WithdrawEvent>({
  contract: 'marketplace',
  eventName: 'Withdrawn',
  prepare({ contracts }, { token, to }) {
    const address = tokenAddress(contracts, token)
    return oneCall(contracts.marketplace, marketplace.withdraw, to ? [address, to] : [address])
  },
  parse: (log) => parseEvent(log, marketplace.Withdrawn),
})

/** {@link withdraw} that waits until it is paid. */
export const withdrawSync = toSync(withdraw)
