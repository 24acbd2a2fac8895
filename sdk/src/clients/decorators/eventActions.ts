import { getAccountHistory } from '../../history/getAccountHistory.ts'
import { getHostHistory } from '../../history/getHostHistory.ts'
import { getJobHistory } from '../../history/getJobHistory.ts'
import { getSessionHistory } from '../../history/getSessionHistory.ts'
import type { WriteClient } from '../../types/client.ts'
import { followEvents } from '../../watch/followEvents.ts'
import { watchEvents } from '../../watch/watchEvents.ts'
import { watchHosts } from '../../watch/watchHosts.ts'
import { watchJobs } from '../../watch/watchJobs.ts'
import { watchSessions } from '../../watch/watchSessions.ts'
import { bindAction } from './bindActions.ts'

/** Actions of those who watch what happens, and ask what has happened. */
export type EventActions = ReturnType<typeof eventActions>

/**
 * Actions of those who watch what happens, and ask what has happened: bound to a client.
 * @example
 * const watcher = createFabstirClient({ account, transport, paymaster }).extend(eventActions)
 * const { events } = await watcher.getJobHistory({ jobId })
 */
export function eventActions(client: WriteClient) {
  return {
    /** Events of contracts as they come, for `for await`. */
    followEvents: bindAction(client, followEvents),
    /** Watches events of contracts. */
    watchEvents: bindAction(client, watchEvents),
    /** Watches single jobs and their disputes. */
    watchJobs: bindAction(client, watchJobs),
    /** Watches sessions. */
    watchSessions: bindAction(client, watchSessions),
    /** Watches hosts in the registry. */
    watchHosts: bindAction(client, watchHosts),
    /** What happened to a single job. */
    getJobHistory: bindAction(client, getJobHistory),
    /** What happened to a session. */
    getSessionHistory: bindAction(client, getSessionHistory),
    /** What a host did and earned. */
    getHostHistory: bindAction(client, getHostHistory),
    /** Everything that an account did and earned. */
    getAccountHistory: bindAction(client, getAccountHistory),
  }
}
