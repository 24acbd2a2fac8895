import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bundler } from '../../bundler/src/bundler.ts'
import { createBundler } from '../../bundler/src/bundler.ts'
import { rpc, rpcResult, sendOperation, waitForOperation } from '../fixtures/bundlerClient.ts'
import type { Samples } from '../fixtures/scrape.ts'
import { scrape } from '../fixtures/scrape.ts'
import { deploySimpleAccounts, unsigned } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'
import type { CollectedSpan, TraceCollector } from '../fixtures/traceCollector.ts'
import { startTraceCollector } from '../fixtures/traceCollector.ts'

const executorKey = generatePrivateKey()
const executor = privateKeyToAddress(executorKey)

let chain: TestChain
let collector: TraceCollector
let bundler: Bundler
let hash: string
let bundleTransaction: string
let profit: bigint
let samples: Samples

const sum = (name: string, labels: Record<string, string> = {}) =>
  samples.sum(`fabstir_bundler_${name}`, labels)

beforeAll(async () => {
  chain = await startTestChain()
  collector = await startTraceCollector()
  await chain.client.setBalance({ address: executor, value: parseEther('100') })
  bundler = await createBundler({
    rpcUrl: chain.rpcUrl,
    executorPrivateKeys: [executorKey],
    port: 0,
    store: 'memory',
    pollInterval: 50,
    logLevel: 'silent',
    debugRpc: true,
    metricsPort: 0,
    otlpEndpoint: collector.url,
  })
  const accounts = await deploySimpleAccounts(chain)
  const account = await accounts.counterfactual('0.8')
  const before = await chain.client.getBalance({ address: executor })
  hash = await sendOperation(
    bundler.url,
    account,
    unsigned(account, { deploy: true }),
    chain.chainId,
  )
  const { receipt } = await waitForOperation(bundler.url, hash as `0x${string}`)
  bundleTransaction = receipt.transactionHash
  profit = (await chain.client.getBalance({ address: executor })) - before
  // Refused by its signature; a method that nobody has; an outcast.
  const { entryPoint } = account
  const limits = {
    callGasLimit: 100_000n,
    verificationGasLimit: 300_000n,
    preVerificationGas: 90_000n,
  }
  const forged = entryPoint.toRpc({ ...unsigned(account, limits), nonce: 1n })
  await rpc(bundler.url, 'eth_sendUserOperation', [forged, entryPoint.address])
  await rpc(bundler.url, 'no_such_method{x="1"}')
  const outcast = { address: chain.bundler, opsSeen: '0x2710', opsIncluded: '0x0' }
  const reputation = [[outcast], entryPoint.address]
  await rpcResult(bundler.url, 'debug_bundler_setReputation', reputation)
  await rpcResult(bundler.url, 'eth_chainId')
  samples = await scrape(bundler.metricsUrl ?? '')
})

afterAll(async () => {
  await bundler?.close()
  await collector?.close()
  await chain?.stop()
})

describe('metrics', () => {
  test('count an operation on its whole way', () => {
    expect(sum('operations_admitted_total', { entry_point: '0.8' })).toBe(1)
    expect(sum('operations_rejected_total')).toBe(1)
    expect(sum('operations_included_total', { success: 'true' })).toBe(1)
    expect(sum('operation_inclusion_seconds_count')).toBe(1)
    expect(sum('pool_operations')).toBe(0)
  })

  test('count its bundle, and in wei what it earned, as the balance of the executor shows it', () => {
    expect(sum('bundles_sent_total')).toBe(1)
    expect(sum('bundles_settled_total', { outcome: 'included' })).toBe(1)
    expect(sum('bundle_operations_sum')).toBe(1)
    expect(sum('bundle_gas_used_sum')).toBeGreaterThan(100_000)
    const earned = (sum('bundle_revenue_wei_total') ?? 0) - (sum('bundle_cost_wei_total') ?? 0)
    expect(profit).not.toBe(0n)
    // A double has 53 bits, and revenue and cost are some 10^15 wei.
    expect(Math.abs(earned - Number(profit))).toBeLessThan(10)
  })

  test('show executors, reputation and the head of the chain', async () => {
    const balance = Number(await chain.client.getBalance({ address: executor }))
    expect(sum('executor_balance_wei', { executor })).toBe(balance)
    expect(sum('executor_nonces_in_flight', { executor })).toBe(0)
    expect(sum('reputation_entities', { entry_point: '0.8', status: 'banned' })).toBe(1)
    expect(sum('head_block')).toBe(sum('node_head_block'))
    expect(sum('head_age_seconds')).toBeLessThan(60)
  })

  test('time requests of clients, to the node and to the store, and know errors', () => {
    expect(sum('rpc_requests_total', { method: 'eth_chainId', code: 'ok' })).toBe(1)
    expect(sum('rpc_requests_total', { method: 'eth_sendUserOperation', code: '-32507' })).toBe(1)
    // Whoever makes up names of methods makes no labels.
    expect(sum('rpc_requests_total', { method: 'unknown', code: '-32601' })).toBe(1)
    expect(samples.text).not.toContain('no_such_method')
    expect(sum('rpc_request_seconds_count', { method: 'eth_sendUserOperation' })).toBe(2)
    expect(sum('node_requests_total', { method: 'eth_call', outcome: 'ok' })).toBeGreaterThan(2)
    expect(sum('node_request_seconds_count', { method: 'eth_call' })).toBeGreaterThan(2)
    expect(sum('trace_seconds_count', { source: bundler.trace })).toBeGreaterThan(0)
    expect(sum('store_commit_seconds_count')).toBeGreaterThan(2)
    expect(sum('store_commit_failures_total')).toBe(0)
  })

  test('have units in their names', () => {
    const types = samples.text.matchAll(/^# TYPE (fabstir_\w+) (\w+)$/gm)
    for (const [, name = '', type] of types) {
      if (type === 'counter') expect(name).toMatch(/_total$/)
      if (type === 'histogram') expect(name).toMatch(/_(seconds|operations|gas_used)$/)
    }
    expect([...samples.text.matchAll(/^# TYPE fabstir_/gm)].length).toBeGreaterThan(20)
  })
})

describe('traces', () => {
  const parentOf = ({ parentSpanId }: CollectedSpan) =>
    collector.spans.find(({ spanId }) => spanId === parentSpanId)

  test('lead from the request to the node', async () => {
    const admit = await collector.waitFor(
      ({ name, attributes }) => name === 'admit' && attributes['userop.hash'] === hash,
    )
    await collector.waitFor(({ name }) => name === 'rpc eth_sendUserOperation')
    const root = parentOf(admit)
    expect(root).toMatchObject({ name: 'rpc eth_sendUserOperation', parentSpanId: '' })
    const validate = await collector.waitFor(
      ({ name, parentSpanId }) => name === 'validate' && parentSpanId === admit.spanId,
    )
    const call = collector.spans.find(
      ({ name, parentSpanId }) => /^node /.test(name) && parentSpanId === validate.spanId,
    )
    expect(root?.traceId).toMatch(/^[\da-f]{32}$/)
    expect(call?.traceId).toBe(root?.traceId)
    const journal = collector.spans.find(
      ({ name, parentSpanId }) => name === 'journal' && parentSpanId === admit.spanId,
    )
    expect(journal?.attributes['userop.hashes']).toEqual([hash])
  })

  test('lead from making a bundle over its dry run to sending it, with its id', async () => {
    const send = await collector.waitFor(
      ({ name, attributes }) =>
        name === 'send' && attributes['transaction.hash'] === bundleTransaction,
    )
    expect(send.attributes).toMatchObject({
      'bundle.id': `${executor}:0`,
      'send.outcome': 'accepted',
    })
    const produce = await collector.waitFor(({ spanId }) => spanId === send.parentSpanId)
    expect(produce).toMatchObject({
      name: 'produce',
      parentSpanId: '',
      attributes: { 'bundle.ids': [`${executor}:0`], 'userop.hashes': [hash] },
    })
    const dryRun = collector.spans.find(
      ({ name, parentSpanId }) => name === 'dryRun' && parentSpanId === produce.spanId,
    )
    const node = collector.spans.find(({ parentSpanId }) => parentSpanId === dryRun?.spanId)
    expect(node?.name).toMatch(/^node /)
  })

  test('mark what was refused', async () => {
    const refused = await collector.waitFor(
      ({ name, status }) => name === 'rpc eth_sendUserOperation' && status === 2,
    )
    expect(refused.attributes['error.code']).toBe('-32507')
  })
})
