import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parseSessionSettled, type SessionSettledEvent } from './sessionSettled.ts'

export type ClaimAbandonedSessionParameters = { sessionId: bigint }

/**
 * Settles a session that its renter has left, with what is proven on chain. The session's host only.
 * @example
 * await claimAbandonedSession(client, { sessionId })
 */
export const claimAbandonedSession = defineWrite<
  ClaimAbandonedSessionParameters,
  SessionSettledEvent
>({
  contract: 'marketplace',
  eventName: 'SessionSettled',
  prepare: ({ contracts }, { sessionId }) =>
    oneCall(contracts.marketplace, marketplace.claimAbandonedSession, [sessionId]),
  parse: parseSessionSettled,
})

/** {@link claimAbandonedSession} that waits until it is on chain. */
export const claimAbandonedSessionSync = toSync(claimAbandonedSession)
