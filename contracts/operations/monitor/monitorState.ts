import type { ChainEvent } from './chainEvent.ts'
import { type Incident, indexIncidents } from './incidents.ts'
import { emptyHosts, type HostState, indexHosts } from './indexHosts.ts'
import { indexMarketplace } from './indexMarketplace.ts'
import { emptyMarket, type MarketState } from './marketState.ts'

/** Everything that is computed from events. */
export type MonitorState = {
  market: MarketState
  hosts: HostState
  incidents: Incident[]
}

export const emptyMonitorState = (): MonitorState => ({
  market: emptyMarket(),
  hosts: emptyHosts(),
  incidents: [],
})

/** Goes on from `state` and changes it. */
export function indexAll(
  events: readonly ChainEvent[],
  state: MonitorState = emptyMonitorState(),
): MonitorState {
  indexMarketplace(events, state.market)
  indexHosts(events, state.hosts)
  state.incidents = indexIncidents(events, state.incidents)
  return state
}
