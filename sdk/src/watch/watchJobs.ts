import type { ReadClient } from '../types/client.ts'
import { jobEvents } from './events.ts'
import { ofSubject } from './ofSubject.ts'
import { type Unwatch, type WatchOptions, watchEvents } from './watchEvents.ts'

export type WatchJobsParameters = WatchOptions<typeof jobEvents> & {
  /** One job, or any of several; all by default. */
  jobId?: bigint | readonly bigint[] | undefined
}

/**
 * Watches single jobs and their disputes, as {@link watchEvents} does.
 * @returns Ends watching.
 * @example
 * const unwatch = watchJobs(client, {
 *   jobId,
 *   onEvents(events) {
 *     for (const event of events) if (event.name === 'JobCompleted') console.log(event.args.resultCID)
 *   },
 *   onError: console.error,
 * })
 */
export function watchJobs(client: ReadClient, { jobId, ...options }: WatchJobsParameters): Unwatch {
  return watchEvents(client, { ...options, events: ofSubject(jobEvents, jobId) })
}
