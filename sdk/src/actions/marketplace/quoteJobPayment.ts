import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

/** Amounts in the smallest unit of the job's token; together they are its payment. */
export type JobPayment = { host: bigint; protocol: bigint; stakers: bigint }

/**
 * What releasing a job now would pay. A host of high reputation gets more, out of the protocol's part.
 * @example
 * const { host } = await quoteJobPayment(client, { jobId })
 */
export async function quoteJobPayment(
  client: ReadClient,
  { jobId }: { jobId: bigint },
): Promise<JobPayment> {
  const [host, protocol, stakers] = await readView(
    client,
    client.contracts.marketplace,
    marketplace.calculatePayment,
    [jobId],
  )
  return { host, protocol, stakers }
}
