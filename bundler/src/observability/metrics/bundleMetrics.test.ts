import { Registry } from 'prom-client'
import type { Hex } from 'viem'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { StoreChange } from '../../store/store.ts'
import { testBundle } from '../../testing/bundle.ts'
import { testHash } from '../../testing/pooledOperation.ts'
import type { Bundle } from '../../types/bundle.ts'
import type { BundleMetrics } from './bundleMetrics.ts'
import { bundleMetrics } from './bundleMetrics.ts'
import { sampleOf } from './testing/sampleOf.ts'
import type { TransactionFields } from './transactionCost.ts'

let registry: Registry
let metrics: BundleMetrics
const receipts = new Map<Hex, TransactionFields>()
const findReceipt = vi.fn(async (hash: Hex) => receipts.get(hash))
const sample = (name: string, labels?: Record<string, string>) => sampleOf(registry, name, labels)

beforeEach(() => {
  registry = new Registry()
  receipts.clear()
  findReceipt.mockClear()
  metrics = bundleMetrics(registry, findReceipt)
})

const saved = (bundle: Bundle): StoreChange => ({ type: 'bundleSaved', bundle })
const settledIn = { number: 12, hash: testHash(12) }
const sent = testBundle(0, { operations: [testHash(1), testHash(2)] })
const [first] = sent.transactions
if (!first) throw new RangeError('a bundle has a transaction')
const withMore = (operations: Hex[]): Bundle => ({
  ...sent,
  transactions: [first, { ...first, hash: testHash(801), operations }],
})

function included(n: number, actualGasCost: Hex): StoreChange {
  const receipt = {
    actualGasCost,
    receipt: { gasUsed: '0x64', effectiveGasPrice: '0x7' },
  }
  const block = { number: 12, hash: testHash(12) }
  const inclusion = {
    ...{ hash: testHash(n), transactionHash: first?.hash ?? '0x', block, success: true },
    receipt,
  }
  return { type: 'operationIncluded', inclusion }
}

describe('bundleMetrics', () => {
  test('a bundle that reaches the chain: sent once, settled once, with what came in and went out', async () => {
    metrics.journaled([saved(sent)])
    metrics.journaled([included(1, '0x1f4'), included(2, '0x12c'), saved({ ...sent, settledIn })])
    expect(await sample('bundles_sent_total')).toBe(1)
    expect(await sample('bundle_operations_sum')).toBe(2)
    expect(await sample('bundles_settled_total', { outcome: 'included' })).toBe(1)
    expect(await sample('bundle_revenue_wei_total')).toBe(800)
    expect(await sample('bundle_cost_wei_total')).toBe(700)
    expect(await sample('bundle_gas_used_sum')).toBe(100)
    expect(findReceipt).not.toHaveBeenCalled()
  })

  test('the data fee of an OP-stack chain is a cost, too', async () => {
    receipts.set(first.hash, {
      status: '0x1',
      gasUsed: '0xa',
      effectiveGasPrice: '0x2',
      l1Fee: '0x5',
    })
    metrics.journaled([saved(sent), saved({ ...sent, settledIn })])
    await vi.waitFor(async () => expect(await sample('bundle_cost_wei_total')).toBe(25))
  })

  test.each([
    { outcome: 'reverted', bundle: sent, status: '0x0' },
    { outcome: 'cancelled', bundle: withMore([]), status: '0x1' },
    { outcome: 'others', bundle: sent, status: undefined },
  ])('one that settles without an inclusion was $outcome, and is paid for', async (row) => {
    const mined = row.bundle.transactions.at(-1)?.hash ?? '0x'
    const { status } = row
    if (status) receipts.set(mined, { status, gasUsed: '0xa', effectiveGasPrice: '0x2' })
    metrics.journaled([saved(row.bundle), saved({ ...row.bundle, settledIn })])
    const settled = () => sample('bundles_settled_total', { outcome: row.outcome })
    await vi.waitFor(async () => expect(await settled()).toBe(1))
    expect(await sample('bundle_cost_wei_total')).toBe(status ? 20 : 0)
    expect(await sample('bundle_revenue_wei_total')).toBe(0)
  })

  test('a node that is away leaves the outcome open and throws nothing', async () => {
    findReceipt.mockRejectedValueOnce(new Error('away'))
    metrics.journaled([saved(sent), saved({ ...sent, settledIn })])
    const settled = () => sample('bundles_settled_total', { outcome: 'others' })
    await vi.waitFor(async () => expect(await settled()).toBe(1))
  })

  test('replacements are told from cancellations', async () => {
    metrics.journaled([saved(sent), saved(withMore([testHash(1)]))])
    expect(await sample('bundles_replaced_total', { by: 'fees' })).toBe(1)
    metrics.cleared()
    metrics.journaled([saved(sent), saved(withMore([]))])
    expect(await sample('bundles_replaced_total', { by: 'cancellation' })).toBe(1)
  })

  test('saving one again without a change, or one of an earlier run, counts nothing', async () => {
    metrics.recovered([testBundle(5)])
    metrics.journaled([saved(testBundle(5)), saved(sent), saved({ ...sent, sentAtBlock: 11 })])
    expect(await sample('bundles_sent_total')).toBe(1)
    expect(await sample('bundles_replaced_total', { by: 'fees' })).toBeUndefined()
  })

  test('one that the node refuses, and one that a reorg revives', async () => {
    metrics.journaled([saved(sent), { type: 'bundleRemoved', id: sent.id }])
    expect(await sample('bundles_refused_total')).toBe(1)
    metrics.journaled([saved(sent), saved({ ...sent, settledIn }), saved(sent)])
    expect(await sample('bundles_reorged_total')).toBe(1)
  })
})
