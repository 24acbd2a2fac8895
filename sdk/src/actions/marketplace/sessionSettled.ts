import type { Log } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { parseEvent } from '../parseEvent.ts'

/** How a session was paid out. Amounts in the smallest unit of its token, credited to be withdrawn. */
export type SessionSettledEvent = {
  sessionId: bigint
  host: bigint
  renter: bigint
  protocol: bigint
  stakers: bigint
}

/** `SessionSettled` in a log. */
export function parseSessionSettled(log: Log): SessionSettledEvent | undefined {
  const args = parseEvent(log, marketplace.SessionSettled)
  if (!args) return undefined
  const { jobId, host, renter, protocol, stakers } = args
  return { sessionId: jobId, host, renter, protocol, stakers }
}
