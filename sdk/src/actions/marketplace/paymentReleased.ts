import type { Address, Log } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { parseEvent } from '../parseEvent.ts'

/** How a single job was paid. Amounts in the smallest unit of its token, credited to be withdrawn. */
export type ReleasePaymentEvent = {
  jobId: bigint
  host: Address
  hostAmount: bigint
  protocol: bigint
  stakers: bigint
}

/** `PaymentReleased` in a log. */
export function parsePaymentReleased(log: Log): ReleasePaymentEvent | undefined {
  return parseEvent(log, marketplace.PaymentReleased)
}
