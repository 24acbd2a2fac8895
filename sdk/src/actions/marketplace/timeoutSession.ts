import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parseSessionSettled, type SessionSettledEvent } from './sessionSettled.ts'

export type TimeoutSessionParameters = { sessionId: bigint }

/**
 * Settles a session two hours after its end, with what is proven on chain. Anyone.
 * @example
 * await timeoutSession(client, { sessionId })
 */
export const timeoutSession = defineWrite<TimeoutSessionParameters, SessionSettledEvent>({
  contract: 'marketplace',
  eventName: 'SessionSettled',
  prepare: ({ contracts }, { sessionId }) =>
    oneCall(contracts.marketplace, marketplace.triggerSessionTimeout, [sessionId]),
  parse: parseSessionSettled,
})

/** {@link timeoutSession} that waits until it is on chain. */
export const timeoutSessionSync = toSync(timeoutSession)
