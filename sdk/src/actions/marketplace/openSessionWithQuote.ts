import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { tokenName } from '../../contracts/tokens.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { assertToken } from '../assertToken.ts'
import { encodeCall } from '../encodeCall.ts'
import { withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'
import type { HostQuote } from './hostQuote.ts'
import { type OpenSessionEvent, parseSessionOpened } from './sessionOpened.ts'
import { type SessionTerms, toSessionParams } from './sessionTerms.ts'

export type OpenSessionWithQuoteParameters = Omit<SessionTerms, 'host' | 'model'> & {
  /** The host's signed offer. Host, price, token and model are those of it. */
  quote: HostQuote
  /** What the session may cost at most, in the token of the quote. The rest comes back. */
  deposit: TokenAmount
}

/**
 * Approves the deposit and opens a session at a price that its host has signed: one operation.
 * @throws {TokenMismatchError} When quote and deposit are in different tokens.
 * @throws {InsufficientBalanceError} When the account holds less than the deposit.
 * @example
 * await openSessionWithQuote(client, { quote, deposit: usdc(5), checkpointInterval: 500n, coSigner: appKey.address })
 */
export const openSessionWithQuote = defineWrite<OpenSessionWithQuoteParameters, OpenSessionEvent>({
  contract: 'marketplace',
  eventName: 'SessionJobCreated',
  prepare({ contracts }, { quote, deposit, ...terms }) {
    const { host, renter, token, pricePer1000, model, expiry, signature } = quote
    assertToken('deposit', deposit, tokenName(contracts, token))
    const session = toSessionParams(
      { ...terms, host, model },
      { token, deposit: deposit.value, pricePer1000: BigInt(pricePer1000) },
    )
    const call = encodeCall(contracts.marketplace, marketplace.createSessionWithQuote, [
      session,
      { renter, expiry: BigInt(expiry), signature },
      // The approval goes in the same operation.
      '0x',
    ])
    return withPull(call, token, deposit.value)
  },
  parse: parseSessionOpened,
})

/** {@link openSessionWithQuote} that waits until it is on chain. */
export const openSessionWithQuoteSync = toSync(openSessionWithQuote)
