import type { Log } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { parseEvent } from '../parseEvent.ts'

/** The result of a job was handed in. */
export type CompleteJobEvent = { jobId: bigint; resultCid: string }

/** `JobCompleted` in a log. */
export function parseJobCompleted(log: Log): CompleteJobEvent | undefined {
  const args = parseEvent(log, marketplace.JobCompleted)
  return args && { jobId: args.jobId, resultCid: args.resultCID }
}
