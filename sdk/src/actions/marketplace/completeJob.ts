import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { encodeFunctionData, type Hex, type Log } from 'viem'
import { decodeEvent } from '../decodeEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type CompleteJobParameters = {
  jobId: bigint
  /** Content id of the result. */
  resultCid: string
  /** For jobs that require one; empty by default. */
  proof?: Hex | undefined
}
export type CompleteJobEvent = { jobId: bigint; resultCid: string }

/**
 * Hands in the result of a claimed job and starts the review window. The host only.
 * @example
 * await completeJob(client, { jobId, resultCid: 'bafy…' })
 */
export const completeJob = defineWrite<CompleteJobParameters, CompleteJobEvent>({
  eventName: 'JobCompleted',
  prepare: ({ contracts }, { jobId, resultCid, proof = '0x' }) => ({
    calls: [
      {
        to: contracts.marketplace,
        data: encodeFunctionData({
          abi: jobMarketplaceAbi,
          functionName: 'completeJob',
          args: [jobId, resultCid, proof],
        }),
      },
    ],
  }),
  parse: parseJobCompleted,
})

/** {@link completeJob} that waits until it is on chain. */
export const completeJobSync = toSync(completeJob)

/** `JobCompleted` in a log. */
export function parseJobCompleted(log: Log): CompleteJobEvent | undefined {
  const args = decodeEvent(log, jobMarketplaceAbi, 'JobCompleted')
  return args && { jobId: args.jobId, resultCid: args.resultCID }
}
