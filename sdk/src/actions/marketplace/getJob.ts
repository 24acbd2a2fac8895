import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { Address, Hex } from 'viem'
import { readContract } from 'viem/actions'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { ReadClient } from '../../types/client.ts'

const statuses = [
  'none',
  'posted',
  'claimed',
  'submitted',
  'released',
  'expired',
  'failed',
  'cancelled',
  'disputed',
  'resolved',
] as const

export type JobStatus = (typeof statuses)[number]

export type Job = {
  jobId: bigint
  renter: Address
  /** Zero until the job is claimed. */
  host: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  payment: bigint
  /** Unix seconds. */
  deadline: number
  /** Unix seconds from which anyone can release a submitted job. */
  releaseAt: number
  status: JobStatus
  requiresProof: boolean
  detailsHash: Hex
  /** Unix seconds; 0 before the result is handed in. */
  submittedAt: number
  minReputationScore: number
  /** Ten-thousandths of the payment, fixed at posting. */
  protocolBps: number
  stakersBps: number
}

/**
 * A single job. Its status is 'none' when there is no such job.
 * @example
 * const { status } = await getJob(client, { jobId: 1n })
 */
export async function getJob(client: ReadClient, { jobId }: { jobId: bigint }): Promise<Job> {
  const { status, ...job } = await withTypedErrors(client, () =>
    readContract(client.client, {
      abi: jobMarketplaceAbi,
      address: client.contracts.marketplace,
      functionName: 'getJob',
      args: [jobId],
    }),
  )
  return { jobId, ...job, status: statuses[status] ?? 'none' }
}
