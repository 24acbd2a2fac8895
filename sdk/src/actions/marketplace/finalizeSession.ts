import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parseSessionSettled, type SessionSettledEvent } from './sessionSettled.ts'

export type FinalizeSessionParameters = { sessionId: bigint }

/**
 * Settles a session whose closing window has ended. Anyone.
 * @example
 * await finalizeSession(client, { sessionId })
 */
export const finalizeSession = defineWrite<FinalizeSessionParameters, SessionSettledEvent>({
  contract: 'marketplace',
  eventName: 'SessionSettled',
  prepare: ({ contracts }, { sessionId }) =>
    oneCall(contracts.marketplace, marketplace.finalizeSession, [sessionId]),
  parse: parseSessionSettled,
})

/** {@link finalizeSession} that waits until it is on chain. */
export const finalizeSessionSync = toSync(finalizeSession)
