import type { Registry } from 'prom-client'
import { Gauge } from 'prom-client'
import type { WatchedDeposit } from '../../deposits/depositWatcher.ts'
import type { FollowedBlock } from '../../ledger/ledger.ts'
import type { KeptPrice } from '../../tokens/priceKeeper.ts'
import type { WebhookQueue } from '../../webhooks/deliveries.ts'
import { metric } from './metric.ts'

/** Parts of a running service that are looked at when somebody asks for the metrics. */
export type WatchedState = {
  chainId: number
  /** Versions of the EntryPoints. */
  entryPoints: readonly string[]
  deposits: () => readonly WatchedDeposit[]
  /** Prices of tokens with feeds. */
  prices: () => readonly KeptPrice[]
  /** Wei below which a deposit is low. */
  lowDeposit: bigint
  /** Newest block that the ledger has seen. */
  followedBlock: () => Promise<FollowedBlock | undefined>
  problems: () => Promise<readonly string[]>
  webhookQueues: () => Promise<readonly WebhookQueue[]>
  /** Unix seconds. */
  clock: () => number
}

/** What there is at the moment of a scrape. */
export function stateMetrics(registry: Registry, state: WatchedState): void {
  new Gauge({
    ...metric(registry, 'info', 'Always 1; the labels tell what is running'),
    labelNames: ['chain_id', 'entry_points'],
    collect() {
      this.set({ chain_id: `${state.chainId}`, entry_points: state.entryPoints.join(' ') }, 1)
    },
  })
  const ofDeposits = (name: string, help: string, read: (deposit: WatchedDeposit) => number) =>
    new Gauge({
      ...metric(registry, name, help),
      labelNames: ['paymaster', 'entry_point', 'kind', 'active'],
      collect() {
        this.reset()
        for (const deposit of state.deposits()) {
          const { paymaster, entryPoint, kind, active } = deposit
          const labels = { paymaster, entry_point: entryPoint, kind, active: `${active}` }
          this.set(labels, read(deposit))
        }
      },
    })
  ofDeposits('deposit_wei', 'Deposit of a paymaster at its EntryPoint', ({ deposit }) =>
    Number(deposit),
  )
  ofDeposits('deposit_low', '1 while the deposit is below lowDepositWei', ({ deposit }) =>
    deposit < state.lowDeposit ? 1 : 0,
  )
  ofDeposits('deposit_read_timestamp_seconds', 'When the deposit was read', ({ readAt }) => readAt)
  ofDeposits('stake_wei', 'Stake of a paymaster at its EntryPoint', ({ stake }) => Number(stake))
  ofDeposits('reserved_wei', 'Promised to operations that may still be charged', (each) =>
    Number(each.reservedWei),
  )
  ofDeposits('settled_wei', 'Charged for operations of the ledger, ever', ({ reading }) =>
    Number(reading.settledWei),
  )
  new Gauge({
    ...metric(registry, 'followed_block', 'Number of the newest block that the ledger has seen'),
    async collect() {
      const block = await state.followedBlock().catch(() => undefined)
      if (block) this.set(Number(block.number))
    },
  })
  new Gauge({
    ...metric(registry, 'followed_block_age_seconds', 'Time since that block was made'),
    async collect() {
      const block = await state.followedBlock().catch(() => undefined)
      if (block) this.set(Math.max(0, state.clock() - block.timestamp))
    },
  })
  new Gauge({
    ...metric(
      registry,
      'token_price_valid_until_timestamp_seconds',
      'When the price that a TokenPaymaster keeps of a token with feeds ends',
    ),
    labelNames: ['paymaster', 'token'],
    collect() {
      this.reset()
      for (const { paymaster, token, validUntil } of state.prices())
        this.set({ paymaster, token }, validUntil)
    },
  })
  const ofWebhooks = (name: string, help: string, read: (queue: WebhookQueue) => number) =>
    new Gauge({
      ...metric(registry, name, help),
      labelNames: ['webhook'],
      async collect() {
        const queues = await state.webhookQueues().catch(() => undefined)
        if (!queues) return
        this.reset()
        for (const queue of queues) this.set({ webhook: queue.webhookId }, read(queue))
      },
    })
  ofWebhooks(
    'webhook_pending_deliveries',
    'Deliveries that wait for their next attempt',
    (queue) => queue.pending,
  )
  ofWebhooks(
    'webhook_oldest_pending_seconds',
    'Time since the oldest of them was written; 0 when none waits',
    ({ oldestAt }) => (oldestAt === null ? 0 : Math.max(0, state.clock() - oldestAt)),
  )
  ofWebhooks(
    'webhook_failed_deliveries',
    'Deliveries of the log (30 days) that had all their attempts',
    ({ failed }) => failed,
  )
  new Gauge({
    ...metric(registry, 'ready', '1 when GET /ready answers 200'),
    async collect() {
      this.set((await state.problems()).length === 0 ? 1 : 0)
    },
  })
}
