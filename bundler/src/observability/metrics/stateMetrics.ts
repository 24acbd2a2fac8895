import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Registry } from 'prom-client'
import { Gauge } from 'prom-client'
import type { Address } from 'viem'
import type { EntryState, MempoolEntry } from '../../mempool/mempool.ts'
import type { ReputationTracker } from '../../reputation/reputationTracker.ts'
import type { Bundle } from '../../types/bundle.ts'
import type { Clock } from './metric.ts'
import { metric } from './metric.ts'

/** Parts of a running bundler that are looked at when somebody asks for the metrics. */
export type WatchedState = {
  chainId: number
  entryPoints: readonly EntryPointAdapter[]
  mempool: { entries(): Iterable<MempoolEntry> }
  bundles: { inFlight(): Bundle[] }
  executors: { addresses(): Address[] }
  reputation: Pick<ReputationTracker, 'entries'>
  /** Newest settled block; `undefined` until the node has answered once. */
  head: () => { number: number; timestamp: number } | undefined
  /** Wei. */
  balanceOf: (address: Address) => Promise<bigint>
}

const entryStates: readonly EntryState[] = ['arriving', 'waiting', 'deferred', 'inFlight']
const statuses = ['ok', 'throttled', 'banned'] as const

/** What there is at the moment of a scrape. */
export function stateMetrics(registry: Registry, clock: Clock, state: WatchedState): void {
  const { mempool, bundles, executors, reputation, entryPoints } = state

  new Gauge({
    ...metric(registry, 'info', 'Always 1; the labels tell what is running'),
    labelNames: ['chain_id', 'entry_points'],
    collect() {
      const versions = entryPoints.map(({ version }) => version).join(' ')
      this.set({ chain_id: String(state.chainId), entry_points: versions }, 1)
    },
  })
  new Gauge({
    ...metric(registry, 'pool_operations', 'Operations in the mempool, by state'),
    labelNames: ['state'],
    collect() {
      for (const name of entryStates) this.set({ state: name }, 0)
      for (const entry of mempool.entries()) this.inc({ state: entry.state })
    },
  })
  new Gauge({
    ...metric(registry, 'bundles_in_flight', 'Bundles on their way to the chain'),
    collect() {
      this.set(bundles.inFlight().length)
    },
  })
  new Gauge({
    ...metric(registry, 'executor_nonces_in_flight', 'Nonces of an executor that are not consumed'),
    labelNames: ['executor'],
    collect() {
      for (const executor of executors.addresses()) this.set({ executor }, 0)
      for (const { executor } of bundles.inFlight()) this.inc({ executor })
    },
  })
  new Gauge({
    ...metric(
      registry,
      'executor_balance_wei',
      'Wei of an executor; absent while the node is away',
    ),
    labelNames: ['executor'],
    async collect() {
      const addresses = executors.addresses()
      const balances = await Promise.allSettled(addresses.map(state.balanceOf))
      this.reset()
      for (const [index, executor] of addresses.entries()) {
        const balance = balances[index]
        if (balance?.status === 'fulfilled') this.set({ executor }, Number(balance.value))
      }
    },
  })
  new Gauge({
    ...metric(registry, 'reputation_entities', 'Entities with a reputation (ERC-7562), by status'),
    labelNames: ['entry_point', 'status'],
    collect() {
      for (const { version, address } of entryPoints) {
        for (const status of statuses) this.set({ entry_point: version, status }, 0)
        for (const { status } of reputation.entries(address)) {
          this.inc({ entry_point: version, status })
        }
      }
    },
  })
  new Gauge({
    ...metric(registry, 'head_block', 'Number of the newest settled block'),
    collect() {
      const head = state.head()
      if (head) this.set(head.number)
    },
  })
  new Gauge({
    ...metric(registry, 'head_age_seconds', 'Time since the newest settled block was made'),
    collect() {
      const head = state.head()
      if (head) this.set(Math.max(0, clock.now() / 1_000 - head.timestamp))
    },
  })
}
