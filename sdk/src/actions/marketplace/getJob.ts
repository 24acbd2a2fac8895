import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { type Job, toJob } from './job.ts'

/**
 * A single job. Its status is 'none' when there is no such job.
 * @example
 * const { status } = await getJob(client, { jobId: 1n })
 */
export async function getJob(client: ReadClient, { jobId }: { jobId: bigint }): Promise<Job> {
  const job = await readView(client, client.contracts.marketplace, marketplace.getJob, [jobId])
  return toJob(jobId, job)
}
