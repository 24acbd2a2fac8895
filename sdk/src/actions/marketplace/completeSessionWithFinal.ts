import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import type { FinalVoucher } from './finalVoucher.ts'
import { parseSessionSettled, type SessionSettledEvent } from './sessionSettled.ts'

export type CompleteSessionWithFinalParameters = { final: FinalVoucher }

/**
 * Settles a session at once, at the count of which its host signed that it is the last. The renter only.
 * @example
 * await completeSessionWithFinal(client, { final })
 */
export const completeSessionWithFinal = defineWrite<
  CompleteSessionWithFinalParameters,
  SessionSettledEvent
>({
  contract: 'marketplace',
  eventName: 'SessionSettled',
  prepare: ({ contracts }, { final: { sessionId, cumulativeTokens, signature } }) =>
    oneCall(contracts.marketplace, marketplace.completeSessionWithFinal, [
      sessionId,
      cumulativeTokens,
      signature,
    ]),
  parse: parseSessionSettled,
  belongs: ({ sessionId }, { final }) => sessionId === final.sessionId,
})

/** {@link completeSessionWithFinal} that waits until it is on chain. */
export const completeSessionWithFinalSync = toSync(completeSessionWithFinal)
