import type { Address, Hex } from 'viem'

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

/** A job as the contract returns it, with its status by name. */
export function toJob(
  jobId: bigint,
  { status, ...job }: Omit<Job, 'jobId' | 'status'> & { status: number },
): Job {
  return { jobId, ...job, status: statuses[status] ?? 'none' }
}
