import type { Escrow } from '../actions/marketplace/getEscrow.ts'
import { HistoryNotFoundError } from '../errors/history.ts'
import type { ReadClient } from '../types/client.ts'
import { jobEvents } from '../watch/events.ts'
import { ofSubject } from '../watch/ofSubject.ts'
import type { RebuiltJob } from './applyJobEvent.ts'
import { foldMarket } from './foldMarket.ts'
import { type JobEvent, termEvents } from './historyEvents.ts'
import { type AsOf, type HistoryOptions, inOrder, readHistory } from './readHistory.ts'

export type JobHistory = AsOf & {
  /** As `getJob` tells it, but for what only the request says. */
  job: RebuiltJob
  /** As `getEscrow` tells it. */
  escrow: Escrow
  /** What happened to it, in order. */
  events: readonly JobEvent[]
}

/**
 * What happened to a single job, and the job rebuilt from that: what the views of the contract say, at any block that
 * the node has events of.
 * @throws {HistoryNotFoundError} When no event is about such a job.
 * @throws {HistoryUnstableError} When the chain does not hold still.
 * @example
 * const { job, events } = await getJobHistory(client, { jobId })
 * console.log(job.status, events.map(({ name, timestamp }) => `${name} ${timestamp}`))
 */
export function getJobHistory(
  client: ReadClient,
  { jobId, ...options }: HistoryOptions & { jobId: bigint },
): Promise<JobHistory> {
  return readHistory(client, options, async ({ read }) => {
    const [terms, events] = await Promise.all([read(termEvents), read(ofSubject(jobEvents, jobId))])
    const state = foldMarket(inOrder([...terms, ...events])).jobs.get(jobId)
    if (!state) throw new HistoryNotFoundError({ kind: 'job', id: jobId })
    return { ...state, events }
  })
}
