import type { Registry } from 'prom-client'
import { Counter, Histogram } from 'prom-client'
import type { Hex } from 'viem'
import type { StoreChange } from '../../store/store.ts'
import type { Bundle } from '../../types/bundle.ts'
import { metric } from './metric.ts'
import type { TransactionFields } from './transactionCost.ts'
import { actualGasCost, transactionCost, transactionOf } from './transactionCost.ts'

export type BundleMetrics = {
  /** Changes that are durable now. */
  journaled(changes: readonly StoreChange[]): void
  /** Bundles of an earlier run. */
  recovered(bundles: readonly Bundle[]): void
  /** Bundles were forgotten without a change each. */
  cleared(): void
}

/**
 * What becomes of bundles, as the journal records it. A bundle that a reorg revived and that settles
 * again counts again.
 * @param findReceipt Asked only for bundles that settled without an inclusion: reverted, cancelled, or
 * overtaken by another use of the nonce.
 */
export function bundleMetrics(
  registry: Registry,
  findReceipt: (transactionHash: Hex) => Promise<TransactionFields | undefined>,
): BundleMetrics {
  const sent = new Counter(metric(registry, 'bundles_sent_total', 'Bundles that were sent'))
  const refused = new Counter(
    metric(registry, 'bundles_refused_total', 'Bundles that the node refused'),
  )
  const replaced = new Counter({
    ...metric(registry, 'bundles_replaced_total', 'Replacements of stuck bundles'),
    labelNames: ['by'],
  })
  const settled = new Counter({
    ...metric(
      registry,
      'bundles_settled_total',
      'Bundles whose nonce was consumed: included, reverted, cancelled, or by a transaction of others',
    ),
    labelNames: ['outcome'],
  })
  const revived = new Counter(
    metric(registry, 'bundles_reorged_total', 'Settled bundles that a reorg revived'),
  )
  const size = new Histogram({
    ...metric(registry, 'bundle_operations', 'Operations in a bundle when it was sent'),
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
  })
  const gas = new Histogram({
    ...metric(registry, 'bundle_gas_used', 'Gas that the transaction of a bundle used'),
    buckets: [100_000, 250_000, 500_000, 1e6, 2e6, 4e6, 8e6, 16e6],
  })
  const revenue = new Counter(
    metric(registry, 'bundle_revenue_wei_total', 'Wei that EntryPoints paid for bundles'),
  )
  const cost = new Counter(
    metric(
      registry,
      'bundle_cost_wei_total',
      'Wei that executors paid for transactions of bundles; revenue less cost is the profit',
    ),
  )
  const known = new Map<string, { transactions: number; settledAt?: number }>()

  function remember({ id, transactions, settledIn }: Bundle) {
    known.set(id, {
      transactions: transactions.length,
      ...(settledIn && { settledAt: settledIn.number }),
    })
  }

  function save(bundle: Bundle, mined: ReadonlyMap<Hex, Mined>) {
    const before = known.get(bundle.id)
    remember(bundle)
    if (bundle.settledIn) {
      if (before?.settledAt === undefined) settle(bundle, mined)
    } else if (!before) {
      sent.inc()
      size.observe(bundle.operations.length)
    } else if (before.settledAt !== undefined) revived.inc()
    else if (bundle.transactions.length > before.transactions) {
      const isCancellation = bundle.transactions.at(-1)?.operations.length === 0
      replaced.inc({ by: isCancellation ? 'cancellation' : 'fees' })
    }
  }

  function settle(bundle: Bundle, mined: ReadonlyMap<Hex, Mined>) {
    for (const { hash } of bundle.transactions) {
      const own = mined.get(hash)
      if (!own) continue
      settled.inc({ outcome: 'included' })
      revenue.inc(Number(own.paid))
      book(own.transaction)
      return
    }
    void settleWithoutInclusion(bundle)
  }

  async function settleWithoutInclusion({ transactions }: Bundle) {
    for (const { hash, operations } of transactions) {
      // Without an answer the nonce still was consumed, and only by whom stays open.
      const receipt = await findReceipt(hash).catch(() => undefined)
      if (!receipt) continue
      const isReverted = receipt.status === '0x0'
      const rest = operations.length === 0 ? 'cancelled' : 'included'
      settled.inc({ outcome: isReverted ? 'reverted' : rest })
      book(receipt)
      return
    }
    settled.inc({ outcome: 'others' })
  }

  function book(transaction: TransactionFields) {
    const { gasUsed, wei } = transactionCost(transaction)
    gas.observe(Number(gasUsed))
    cost.inc(Number(wei))
  }

  function forgetSettledBefore(number: number) {
    for (const [id, { settledAt }] of known) {
      if (settledAt !== undefined && settledAt < number) known.delete(id)
    }
  }

  return {
    journaled(changes) {
      const mined = minedIn(changes)
      for (const change of changes) {
        if (change.type === 'bundleSaved') save(change.bundle, mined)
        else if (change.type === 'bundleRemoved') {
          if (known.delete(change.id)) refused.inc()
        } else if (change.type === 'headMoved') forgetSettledBefore(change.keepFrom)
      }
    },
    recovered: (bundles) => bundles.forEach(remember),
    cleared: () => known.clear(),
  }
}

type Mined = { transaction: TransactionFields; paid: bigint }

/** Transactions with operations in them, and what the EntryPoint paid for these. */
function minedIn(changes: readonly StoreChange[]): Map<Hex, Mined> {
  const mined = new Map<Hex, Mined>()
  for (const change of changes) {
    if (change.type !== 'operationIncluded') continue
    const { transactionHash, receipt } = change.inclusion
    const before = mined.get(transactionHash)?.paid ?? 0n
    const transaction = transactionOf(receipt)
    if (transaction)
      mined.set(transactionHash, { transaction, paid: before + actualGasCost(receipt) })
  }
  return mined
}
