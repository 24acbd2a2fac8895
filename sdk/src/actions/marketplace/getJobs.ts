import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { type Job, toJob } from './job.ts'

export type GetJobsParameters = {
  /** First id to look at; 1 by default. */
  from?: bigint | undefined
  /** Ids to look at, 100 at most and by default. Ids are shared with sessions. */
  limit?: number | undefined
}

/**
 * The single jobs among a range of ids.
 * @example
 * const jobs = await getJobs(client, { from: 1n, limit: 50 })
 */
export async function getJobs(
  client: ReadClient,
  { from = 1n, limit = 100 }: GetJobsParameters = {},
): Promise<Job[]> {
  const [ids, jobs] = await readView(
    client,
    client.contracts.marketplace,
    marketplace.getJobsPage,
    [from, BigInt(limit)],
  )
  return ids.flatMap((jobId, index) => {
    const job = jobs[index]
    return job ? [toJob(jobId, job)] : []
  })
}
