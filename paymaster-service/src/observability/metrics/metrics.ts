import type { Elapsed } from '@fabstir/service'
import { failureMetrics, requestMetrics } from '@fabstir/service'
import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import type { ChainReader } from '../../chain/chainReader.ts'
import type { KeeperTransaction } from '../../keeper/transactionStore.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Methods } from '../../rpc/pm/methods.ts'
import type { Sponsor } from '../../sponsorship/sponsor.ts'
import type { Store } from '../../store/store.ts'
import type { TokenPayments } from '../../tokens/tokenPayments.ts'
import { ledgerMetrics } from './ledgerMetrics.ts'
import { metric } from './metric.ts'
import { sponsorshipMetrics } from './sponsorshipMetrics.ts'
import type { WatchedState } from './stateMetrics.ts'
import { stateMetrics } from './stateMetrics.ts'

/** Counting around the edges of a service: each takes a part and gives it back, watched. */
export type Metrics = {
  registry: Registry
  methods(methods: Methods): Methods
  sponsor(sponsor: Sponsor): Sponsor
  tokenPayments(payments: TokenPayments): TokenPayments
  ledger(ledger: Ledger): Ledger
  store(store: Store): Store
  chain(chain: ChainReader): ChainReader
  /** A transaction of the keeper ended. */
  kept(transaction: Pick<KeeperTransaction, 'state' | 'amount' | 'token'>): void
  /** Looks at the state of a service with every scrape. */
  watch(state: WatchedState): void
}

/**
 * All metrics of one service, in a registry of their own.
 * @param codeOf JSON-RPC error code that a client sees.
 */
export function createMetrics({
  elapsed,
  codeOf,
}: {
  elapsed: Elapsed
  codeOf: (error: unknown) => number
}): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const watching = { registry, metric, elapsed }
  const rpc = requestMetrics(watching, { codeOf })
  const node = failureMetrics(watching, {
    name: 'node_request',
    secondsHelp: 'Time of what the chain node is asked',
    failuresHelp: 'Failures of what the chain node is asked',
    label: 'call',
  })
  const transaction = failureMetrics(watching, {
    name: 'store_transaction',
    secondsHelp: 'Time of transactions of the store, until they are durable',
    failuresHelp: 'Failures of transactions of the store, until they are durable',
    label: 'store',
  })
  const topUps = new Counter({
    ...metric(registry, 'top_ups_total', 'Top-ups by how they ended (done, failed, replaced)'),
    labelNames: ['state'],
  })
  const topUpWei = new Counter(metric(registry, 'top_ups_wei_total', 'Wei that were topped up'))
  const updates = new Counter({
    ...metric(
      registry,
      'price_updates_total',
      'Updates of token prices by how they ended (done, failed, replaced)',
    ),
    labelNames: ['state'],
  })
  const updateWei = new Counter(
    metric(registry, 'price_updates_wei_total', 'Wei of gas that updates of token prices cost'),
  )

  return {
    registry,
    methods: (methods) =>
      new Map(
        [...methods].map(([name, method]) => [
          name,
          (params, app) => rpc(name, async () => method(params, app)),
        ]),
      ),
    ...sponsorshipMetrics(registry),
    ledger: ledgerMetrics(registry),
    store: (store) => ({
      ...store,
      transaction: (work) => transaction(store.kind, () => store.transaction(work)),
    }),
    chain: (chain) => ({
      chainId: () => node('chainId', chain.chainId),
      senderState: (...args) => node('senderState', () => chain.senderState(...args)),
      block: (number) => node('block', () => chain.block(number)),
      operationEvents: (filter) => node('operationEvents', () => chain.operationEvents(filter)),
    }),
    kept({ state, amount, token }) {
      if (token !== undefined) {
        updates.inc({ state })
        updateWei.inc(Number(amount))
        return
      }
      topUps.inc({ state })
      if (state === 'done') topUpWei.inc(Number(amount))
    },
    watch: (state) => stateMetrics(registry, state),
  }
}
