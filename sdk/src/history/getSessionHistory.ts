import type { Session } from '../actions/marketplace/getSession.ts'
import type { SessionSettledEvent } from '../actions/marketplace/sessionSettled.ts'
import { HistoryNotFoundError } from '../errors/history.ts'
import type { ReadClient } from '../types/client.ts'
import { sessionEvents } from '../watch/events.ts'
import { ofSubject } from '../watch/ofSubject.ts'
import { sessionAt } from './applySessionEvent.ts'
import { foldMarket } from './foldMarket.ts'
import { type SessionEvent, termEvents } from './historyEvents.ts'
import { type AsOf, type HistoryOptions, inOrder, readHistory } from './readHistory.ts'

export type SessionHistory = AsOf & {
  /** As `getSession` tells it. */
  session: Session
  /** How it was paid out; `undefined` before. */
  settlement: SessionSettledEvent | undefined
  /** What happened to it, in order. */
  events: readonly SessionEvent[]
}

/**
 * What happened to a session, and the session rebuilt from that: what the view of the contract says, at any block that
 * the node has events of.
 * @throws {HistoryNotFoundError} When no event is about such a session.
 * @throws {HistoryUnstableError} When the chain does not hold still.
 * @example
 * const { session, settlement } = await getSessionHistory(client, { sessionId })
 * console.log(session.provenTokens, settlement?.host)
 */
export function getSessionHistory(
  client: ReadClient,
  { sessionId, ...options }: HistoryOptions & { sessionId: bigint },
): Promise<SessionHistory> {
  return readHistory(client, options, async ({ read, timestamp }) => {
    const [terms, events] = await Promise.all([
      read(termEvents),
      read(ofSubject(sessionEvents, sessionId)),
    ])
    const state = foldMarket(inOrder([...terms, ...events])).sessions.get(sessionId)
    if (!state) throw new HistoryNotFoundError({ kind: 'session', id: sessionId })
    return { session: sessionAt(state, timestamp), settlement: state.settlement, events }
  })
}
