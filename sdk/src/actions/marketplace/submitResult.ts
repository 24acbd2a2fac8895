import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { type CompleteJobEvent, parseJobCompleted } from './jobCompleted.ts'

export type SubmitResultParameters = {
  jobId: bigint
  /** Content id of the result. */
  resultCid: string
}

/**
 * {@link completeJob} of a job that requires no proof. The host only.
 * @example
 * await submitResult(client, { jobId, resultCid: 'bafy…' })
 */
export const submitResult = defineWrite<SubmitResultParameters, CompleteJobEvent>({
  contract: 'marketplace',
  eventName: 'JobCompleted',
  prepare: ({ contracts }, { jobId, resultCid }) =>
    oneCall(contracts.marketplace, marketplace.submitResult, [jobId, resultCid]),
  parse: parseJobCompleted,
})

/** {@link submitResult} that waits until it is on chain. */
export const submitResultSync = toSync(submitResult)
