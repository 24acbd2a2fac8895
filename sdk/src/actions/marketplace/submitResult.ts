import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { encodeFunctionData } from 'viem'
import { defineWrite, toSync } from '../write.ts'
import { type CompleteJobEvent, parseJobCompleted } from './completeJob.ts'

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
  eventName: 'JobCompleted',
  prepare: ({ contracts }, { jobId, resultCid }) => ({
    calls: [
      {
        to: contracts.marketplace,
        data: encodeFunctionData({
          abi: jobMarketplaceAbi,
          functionName: 'submitResult',
          args: [jobId, resultCid],
        }),
      },
    ],
  }),
  parse: parseJobCompleted,
})

/** {@link submitResult} that waits until it is on chain. */
export const submitResultSync = toSync(submitResult)
