import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type CancelJobParameters = { jobId: bigint }
export type CancelJobEvent = {
  jobId: bigint
  /** Smallest unit of the job's token, credited to be withdrawn. */
  refund: bigint
}

/**
 * Takes back a job that nobody has claimed. The renter only.
 * @example
 * const { refund } = await cancelJobSync(client, { jobId })
 */
export const cancelJob = defineWrite<CancelJobParameters, CancelJobEvent>({
  contract: 'marketplace',
  eventName: 'JobCancelled',
  prepare: ({ contracts }, { jobId }) =>
    oneCall(contracts.marketplace, marketplace.cancelJob, [jobId]),
  parse: (log) => parseEvent(log, marketplace.JobCancelled),
})

/** {@link cancelJob} that waits until it is on chain. */
export const cancelJobSync = toSync(cancelJob)
