import type { Address, Log } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { parseEvent } from '../parseEvent.ts'

/** A session was opened. */
export type OpenSessionEvent = {
  sessionId: bigint
  renter: Address
  host: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  deposit: bigint
  /** Seconds. */
  maxDuration: bigint
}

/** `SessionJobCreated` in a log. */
export function parseSessionOpened(log: Log): OpenSessionEvent | undefined {
  const args = parseEvent(log, marketplace.SessionJobCreated)
  if (!args) return undefined
  const { jobId, user, host, token, deposit, maxDuration } = args
  return { sessionId: jobId, renter: user, host, token, deposit, maxDuration }
}
