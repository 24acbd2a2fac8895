import type { Hash } from 'viem'
import type { JobStatus } from '../actions/marketplace/job.ts'

/** How far a job is. */
export type JobPhase =
  | 'Unknown'
  | 'Posted'
  | 'Claimed'
  | 'Completed'
  | 'Disputed'
  | 'PaymentReleased'
  | 'Failed'

export type JobState = {
  jobId: number
  phase: JobPhase
  /** Of the operation that posted it, when this object did. */
  userOperationHash?: Hash | undefined
}

const phases: Readonly<Record<JobStatus, JobPhase>> = {
  none: 'Unknown',
  posted: 'Posted',
  claimed: 'Claimed',
  submitted: 'Completed',
  disputed: 'Disputed',
  released: 'PaymentReleased',
  resolved: 'PaymentReleased',
  expired: 'Failed',
  failed: 'Failed',
  cancelled: 'Failed',
}

/** The phase that a status of the marketplace is. */
export const phaseOf = (status: JobStatus): JobPhase => phases[status]
