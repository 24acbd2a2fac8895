import type { Address } from 'viem'
import type { HostNode } from '../actions/marketplace/getNode.ts'
import { HistoryNotFoundError } from '../errors/history.ts'
import type { ReadClient } from '../types/client.ts'
import { hostEvents } from '../watch/events.ts'
import { ofSubject } from '../watch/ofSubject.ts'
import { applyHostEvent, emptyHost } from './applyHostEvent.ts'
import { type AccountHistory, toLists } from './getAccountHistory.ts'
import type { HostEvent } from './historyEvents.ts'
import { obligationsOf, readAccountMarket } from './readAccountMarket.ts'
import { type AsOf, type HistoryOptions, readHistory } from './readHistory.ts'

export type HostHistory = AsOf &
  Pick<AccountHistory, 'jobs' | 'sessions' | 'entries'> & {
    /** As `getNode` tells it. */
    host: HostNode
    /** What happened to it in the registry, in order. */
    events: readonly HostEvent[]
  }

/**
 * What a host did: in the registry, in jobs and sessions, and what it earned. The host rebuilt from that is what the
 * view of the registry says.
 * @throws {HistoryNotFoundError} When no event of the registry is about such a host.
 * @throws {HistoryUnstableError} When the chain does not hold still.
 * @example
 * const { host: state, events, entries } = await getHostHistory(client, { node })
 * console.log(state.stake, state.obligations, events.length, entries.length)
 */
export function getHostHistory(
  client: ReadClient,
  { node, ...options }: HistoryOptions & { node: Address },
): Promise<HostHistory> {
  return readHistory(client, options, async (reader) => {
    const [events, market] = await Promise.all([
      reader.read(ofSubject(hostEvents, node)),
      readAccountMarket(reader, node),
    ])
    if (events.length === 0) throw new HistoryNotFoundError({ kind: 'host', id: node })
    const host = events.reduce(applyHostEvent, emptyHost(node))
    const { jobs, sessions, entries } = toLists(market, reader.timestamp)
    return {
      host: { ...host, obligations: obligationsOf(market, node) },
      events,
      jobs,
      sessions,
      entries,
    }
  })
}
