import type { UseQueryResult } from '@tanstack/react-query'
import { getJob } from '../actions/marketplace/getJob.ts'
import type { Job } from '../actions/marketplace/job.ts'
import { useView, type ViewOptions } from './useView.ts'

/**
 * A job as the chain has it.
 * @example
 * const { data: job } = useJob({ jobId }, { refetchInterval: 5_000 })
 */
export function useJob(
  { jobId }: { jobId: bigint | undefined },
  options?: ViewOptions<Job>,
): UseQueryResult<Job, Error> {
  return useView(getJob, jobId === undefined ? undefined : { jobId }, options)
}
