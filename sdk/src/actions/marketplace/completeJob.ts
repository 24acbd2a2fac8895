import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { type EzklProof, encodeEzklProof } from '../proofs/ezklProof.ts'
import { defineWrite, toSync } from '../write.ts'
import { type CompleteJobEvent, parseJobCompleted } from './jobCompleted.ts'

export type CompleteJobParameters = {
  jobId: bigint
  /** Content id of the result. */
  resultCid: string
  /** For jobs that require one; verified in the same call. None by default. */
  proof?: EzklProof | undefined
}

/**
 * Hands in the result of a claimed job and starts the review window. The host only.
 * @example
 * await completeJob(client, { jobId, resultCid: 'bafy…' })
 */
export const completeJob = defineWrite<CompleteJobParameters, CompleteJobEvent>({
  contract: 'marketplace',
  eventName: 'JobCompleted',
  prepare: ({ contracts }, { jobId, resultCid, proof }) =>
    oneCall(contracts.marketplace, marketplace.completeJob, [
      jobId,
      resultCid,
      proof ? encodeEzklProof(proof) : '0x',
    ]),
  parse: parseJobCompleted,
})

/** {@link completeJob} that waits until it is on chain. */
export const completeJobSync = toSync(completeJob)
