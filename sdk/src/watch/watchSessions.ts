import type { ReadClient } from '../types/client.ts'
import { sessionEvents } from './events.ts'
import { ofSubject } from './ofSubject.ts'
import { type Unwatch, type WatchOptions, watchEvents } from './watchEvents.ts'

export type WatchSessionsParameters = WatchOptions<typeof sessionEvents> & {
  /** One session, or any of several; all by default. */
  sessionId?: bigint | readonly bigint[] | undefined
}

/**
 * Watches sessions, as {@link watchEvents} does.
 * @returns Ends watching.
 * @example
 * const unwatch = watchSessions(client, {
 *   sessionId,
 *   onEvents(events) {
 *     for (const event of events) if (event.name === 'SessionSettled') console.log(event.args.host)
 *   },
 *   onError: console.error,
 * })
 */
export function watchSessions(
  client: ReadClient,
  { sessionId, ...options }: WatchSessionsParameters,
): Unwatch {
  return watchEvents(client, { ...options, events: ofSubject(sessionEvents, sessionId) })
}
