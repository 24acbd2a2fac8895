import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { assertToken } from '../assertToken.ts'
import { encodeCall } from '../encodeCall.ts'
import { withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'
import { type OpenSessionEvent, parseSessionOpened } from './sessionOpened.ts'
import { type SessionTerms, toSessionParams } from './sessionTerms.ts'

export type OpenSessionParameters = SessionTerms & {
  /** What the session may cost at most, in ETH or an accepted token. The rest comes back. */
  deposit: TokenAmount
  /** Price of 1,000 inference tokens, in the token of the deposit. */
  pricePer1000: TokenAmount
}

/**
 * Approves the deposit and opens a session with a host: one operation.
 * @throws {TokenMismatchError} When price and deposit are in different tokens.
 * @throws {InsufficientBalanceError} When the account holds less than the deposit.
 * @example
 * await openSession(client, {
 *   host, deposit: usdc(5), pricePer1000: usdc('0.0002'), checkpointInterval: 500n, coSigner: appKey.address,
 * })
 */
export const openSession = defineWrite<OpenSessionParameters, OpenSessionEvent>({
  contract: 'marketplace',
  eventName: 'SessionJobCreated',
  prepare({ contracts }, parameters) {
    const { deposit, pricePer1000 } = parameters
    assertToken('pricePer1000', pricePer1000, deposit.token)
    const token = tokenAddress(contracts, deposit.token)
    const session = toSessionParams(parameters, {
      token,
      deposit: deposit.value,
      pricePer1000: pricePer1000.value,
    })
    const call = encodeCall(contracts.marketplace, marketplace.createSession, [session])
    return withPull(call, token, deposit.value)
  },
  parse: parseSessionOpened,
})

/** {@link openSession} that waits until the session is open. */
export const openSessionSync = toSync(openSession)
