import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type DepositPrepaidParameters = { amount: TokenAmount }
export type DepositPrepaidEvent = {
  account: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  amount: bigint
}

/**
 * Approves and deposits an amount to open sessions with later: one operation. It can be withdrawn at any time.
 * @throws {InsufficientBalanceError} When the account holds less than that.
 * @example
 * await depositPrepaid(client, { amount: usdc(20) })
 */
export const depositPrepaid = defineWrite<DepositPrepaidParameters, DepositPrepaidEvent>({
  contract: 'marketplace',
  eventName: 'PrepaidDeposited',
  prepare({ contracts }, { amount: { token, value } }) {
    const address = tokenAddress(contracts, token)
    const call = encodeCall(contracts.marketplace, marketplace.depositPrepaid, [address, value])
    return withPull(call, address, value)
  },
  parse: (log) => parseEvent(log, marketplace.PrepaidDeposited),
  belongs: ({ amount }, parameters) => amount === parameters.amount.value,
})

/** {@link depositPrepaid} that waits until it is on chain. */
export const depositPrepaidSync = toSync(depositPrepaid)
