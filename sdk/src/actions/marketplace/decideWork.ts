import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type DecideWorkParameters = {
  sessionId: bigint
  /** Whether the work was done. */
  worked: boolean
}
export type DecideWorkEvent = { sessionId: bigint; worked: boolean }

/**
 * Decides a challenge of attested work. The arbiter only, in time, and no party of the session.
 * @example
 * await decideWork(client, { sessionId, worked: false })
 */
export const decideWork = defineWrite<DecideWorkParameters, DecideWorkEvent>({
  contract: 'marketplace',
  eventName: 'SessionWorkDecided',
  prepare: ({ contracts }, { sessionId, worked }) =>
    oneCall(contracts.marketplace, marketplace.decideAttestedWork, [sessionId, worked]),
  parse(log) {
    const args = parseEvent(log, marketplace.SessionWorkDecided)
    return args && { sessionId: args.jobId, worked: args.worked }
  },
})

/** {@link decideWork} that waits until it is on chain. */
export const decideWorkSync = toSync(decideWork)
