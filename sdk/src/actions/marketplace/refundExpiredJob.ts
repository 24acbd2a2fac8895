import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type RefundExpiredJobParameters = { jobId: bigint }
export type RefundExpiredJobEvent = {
  jobId: bigint
  /** Smallest unit of the job's token, credited to its renter. */
  refund: bigint
}

/**
 * Refunds a job whose deadline passed unclaimed or uncompleted. Anyone. A host that had claimed it fails, and its claim
 * bond goes to the renter, for {@link claimSlashed}.
 * @example
 * await refundExpiredJob(client, { jobId })
 */
export const refundExpiredJob = defineWrite<RefundExpiredJobParameters, RefundExpiredJobEvent>({
  contract: 'marketplace',
  eventName: 'JobExpired',
  prepare: ({ contracts }, { jobId }) =>
    oneCall(contracts.marketplace, marketplace.claimExpired, [jobId]),
  parse: (log) => parseEvent(log, marketplace.JobExpired),
})

/** {@link refundExpiredJob} that waits until it is on chain. */
export const refundExpiredJobSync = toSync(refundExpiredJob)
