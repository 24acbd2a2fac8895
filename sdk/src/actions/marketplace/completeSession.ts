import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type CompleteSessionParameters = { sessionId: bigint }
export type CompleteSessionEvent = {
  sessionId: bigint
  /** Unix seconds from which anyone can finalize it. */
  closesAt: bigint
}

/**
 * Ends a session for new prompts. A window opens in which the host can still hand in higher vouchers. The renter only.
 * @example
 * await completeSession(client, { sessionId })
 */
export const completeSession = defineWrite<CompleteSessionParameters, CompleteSessionEvent>({
  contract: 'marketplace',
  eventName: 'SessionClosing',
  prepare: ({ contracts }, { sessionId }) =>
    oneCall(contracts.marketplace, marketplace.completeSessionJob, [sessionId]),
  parse(log) {
    const args = parseEvent(log, marketplace.SessionClosing)
    return args && { sessionId: args.jobId, closesAt: args.closesAt }
  },
})

/** {@link completeSession} that waits until it is on chain. */
export const completeSessionSync = toSync(completeSession)
