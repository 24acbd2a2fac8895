import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import { assertToken } from '../assertToken.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import type { OpenSessionParameters } from './openSession.ts'
import { type OpenSessionEvent, parseSessionOpened } from './sessionOpened.ts'
import { toSessionParams } from './sessionTerms.ts'

/**
 * Opens a session paid from what the marketplace owes the account: prepaid deposits, refunds and earnings.
 * @throws {TokenMismatchError} When price and deposit are in different tokens.
 * @throws {ContractRevertedError} `MarketplaceBalanceTooLow` when less is owed than the deposit.
 * @example
 * await openSessionFromDeposit(client, {
 *   host, deposit: usdc(5), pricePer1000: usdc('0.0002'), checkpointInterval: 500n, coSigner: appKey.address,
 * })
 */
export const openSessionFromDeposit = defineWrite<OpenSessionParameters, OpenSessionEvent>({
  contract: 'marketplace',
  eventName: 'SessionJobCreated',
  prepare({ contracts }, parameters) {
    const { deposit, pricePer1000 } = parameters
    assertToken('pricePer1000', pricePer1000, deposit.token)
    const session = toSessionParams(parameters, {
      token: tokenAddress(contracts, deposit.token),
      deposit: deposit.value,
      pricePer1000: pricePer1000.value,
    })
    return oneCall(contracts.marketplace, marketplace.createSessionFromDeposit, [session])
  },
  parse: parseSessionOpened,
})

/** {@link openSessionFromDeposit} that waits until it is on chain. */
export const openSessionFromDepositSync = toSync(openSessionFromDeposit)
