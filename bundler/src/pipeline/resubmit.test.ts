import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test, vi } from 'vitest'
import type { SendContext, SendOutcome, SignedTransaction } from '../chain/transactionSender.ts'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { executorLoad } from '../submission/executorLoad.ts'
import { createExecutorPool } from '../submission/executorPool.ts'
import { testBlock, testBundle } from '../testing/bundle.ts'
import { testBuilding } from '../testing/driverNode.ts'
import { testMempool } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import type { Bundle } from '../types/bundle.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { createResubmitter } from './resubmit.ts'

const account = privateKeyToAccount(testHash(1))
const START = 100_000

/** A resubmitter with `bundle` in flight since `START`, and a node that takes everything. */
async function resubmitter(
  fields: Partial<Bundle> = {},
  operations: PooledOperation[] = [testPooled(1)],
  answer: (raw: Hex) => SendOutcome = () => ({ type: 'accepted' }),
  paid = 10n ** 9n,
) {
  const clock = { now: START }
  const now = () => clock.now
  const bundle = testBundle(5, {
    executor: account.address,
    entryPoint: defaultEntryPoint.address,
    operations: operations.map(({ hash }) => hash),
    createdAt: START,
    ...fields,
  })
  const store = createMemoryStore()
  await store.commit([{ type: 'bundleSaved', bundle }])
  const bundles = createBundleRegistry()
  bundles.set(bundle)
  const mempool = testMempool()
  for (const operation of operations) mempool.restore(operation)
  const executors = createExecutorPool({
    executors: [{ account, confirmedNonce: 5 }],
    // One place beside the bundle in flight, so that the executor can be taken.
    maxInFlight: 2,
    load: (address) => executorLoad(bundles, address),
    now,
  })
  const journaledAtSend: number[] = []
  const send = vi.fn(
    async ({ raw }: SignedTransaction, _context: SendContext): Promise<SendOutcome> => {
      journaledAtSend.push((await store.bundles())[0]?.transactions.length ?? 0)
      return answer(raw)
    },
  )
  const marketFees = vi.fn(async () => ({ maxFeePerGas: 60n, maxPriorityFeePerGas: 8n }))
  const run = createResubmitter({
    chainId: 31_337,
    building: testBuilding(() => ({ handleOps: () => undefined, blockNumber: 100, paid })),
    maxBundleLoss: 0n,
    dataFeeOf: async () => 0n,
    sender: { send },
    store,
    mempool,
    bundles,
    executors,
    marketFees,
    now,
    onReplaced: () => undefined,
  })
  const sent = () => send.mock.calls.map(([{ raw }]) => raw)
  return { clock, bundle, bundles, store, executors, marketFees, run, sent, journaledAtSend }
}

describe('sending the same bytes again', () => {
  test.each([
    { createdAt: START - 1, atOnce: 1 },
    { createdAt: START, atOnce: 0 },
  ])(
    'made at $createdAt, started at 100000: $atOnce sent at once, one more after 2 s',
    async ({ createdAt, atOnce }) => {
      const { run, sent, clock } = await resubmitter({ createdAt })
      await run(testBlock(10))
      expect(sent()).toHaveLength(atOnce)
      clock.now += 1_999
      await run(testBlock(10))
      expect(sent()).toHaveLength(atOnce)
      clock.now += 1
      await run(testBlock(12))
      expect(sent()).toEqual(Array(atOnce + 1).fill('0x02ff'))
    },
  )

  test('not while its first send has no answer', async () => {
    const { run, sent, clock, executors } = await resubmitter()
    executors.acquire()
    clock.now += 5_000
    await run(testBlock(20))
    expect(sent()).toEqual([])
    executors.release(account.address)
    await run(testBlock(10))
    expect(sent()).toEqual(['0x02ff'])
  })

  test('a bundle of an executor that is not configured any more keeps its bytes', async () => {
    const { run, sent, clock } = await resubmitter({ executor: testAddress(3) })
    clock.now += 2_000
    await run(testBlock(13))
    expect(sent()).toEqual(['0x02ff'])
  })

  test('a settled bundle is left alone', async () => {
    const { run, sent, clock } = await resubmitter({ settledIn: testBlock(11) })
    clock.now += 60_000
    await run(testBlock(20))
    expect(sent()).toEqual([])
  })
})

describe('a bundle with an operation that somebody else included', () => {
  test.each([
    { left: 1, gas: 'handleOps' },
    { left: 0, gas: 'nothing' },
  ])('is replaced at once, by $gas with $left left', async ({ left }) => {
    const others = [testPooled(2, { sender: testAddress(2) })].slice(0, left)
    const operations = [testHash(1), ...others.map(({ hash }) => hash)]
    const { run, sent, clock, bundle, bundles } = await resubmitter({ operations }, others)
    clock.now += 10
    await run(testBlock(10))
    await run(testBlock(10))
    expect(sent()).toHaveLength(1)
    const [raw] = sent()
    const { to, nonce } = parseTransaction(raw ?? '0x')
    expect({ to, nonce }).toEqual({
      to: (left > 0 ? bundle.entryPoint : account.address).toLowerCase(),
      nonce: 5,
    })
    expect(bundles.get(bundle.id)?.transactions.at(-1)?.operations).toEqual(
      others.map(({ hash }) => hash),
    )
  })
})

test('a bundle with an operation that has expired is replaced at once, without it', async () => {
  const head = testBlock(10)
  const [late, other] = [
    testPooled(1, {}, { validUntil: head.timestamp - 1 }),
    testPooled(2, { sender: testAddress(2) }, { validUntil: head.timestamp }),
  ]
  const { run, sent, bundle, bundles } = await resubmitter({}, [late, other])
  await run(head)
  expect(sent()).toHaveLength(1)
  expect(bundles.get(bundle.id)?.transactions.at(-1)?.operations).toEqual([other.hash])
})

describe('replacing a stuck bundle', () => {
  test.each([
    { block: 12, replaced: false },
    { block: 13, replaced: true },
  ])('sent at block 10, at block $block: replaced $replaced', async ({ block, replaced }) => {
    const { run, sent, clock } = await resubmitter()
    clock.now += 2_000
    await run(testBlock(block))
    expect(sent()).toHaveLength(1)
    expect(sent()[0] !== '0x02ff').toBe(replaced)
  })

  test('on its own nonce, at the market price, in the journal before it is sent', async () => {
    const { run, sent, clock, bundle, bundles, journaledAtSend } = await resubmitter()
    clock.now += 2_000
    await run(testBlock(13))
    const [raw] = sent()
    expect(parseTransaction(raw ?? '0x')).toMatchObject({
      nonce: 5,
      to: defaultEntryPoint.address.toLowerCase(),
      maxFeePerGas: 60n,
      maxPriorityFeePerGas: 9n,
    })
    expect(journaledAtSend).toEqual([2])
    const replaced = bundles.get(bundle.id)
    expect(replaced).toMatchObject({ operations: bundle.operations, sentAtBlock: 13 })
    expect(replaced?.transactions.map(({ operations }) => operations)).toEqual([
      bundle.operations,
      bundle.operations,
    ])
  })

  test('who cannot pay the base fee is left out, but stays with the nonce', async () => {
    const poor = testPooled(1, { maxFeePerGas: 39n })
    const rich = testPooled(2, { sender: testAddress(2), maxFeePerGas: 50n })
    const { run, sent, clock, bundle, bundles } = await resubmitter({}, [poor, rich])
    clock.now += 2_000
    await run(testBlock(13, { baseFeePerGas: 40n }))
    expect(parseTransaction(sent()[0] ?? '0x').maxFeePerGas).toBe(50n)
    const replaced = bundles.get(bundle.id)
    expect(replaced?.operations).toEqual([poor.hash, rich.hash])
    expect(replaced?.transactions.at(-1)?.operations).toEqual([rich.hash])
  })

  test.each([
    { name: 'can pay', operations: [testPooled(1, { maxFeePerGas: 39n })] },
    { name: 'is left', operations: [] },
  ])('when none $name, a transfer of nothing frees the nonce', async ({ operations }) => {
    const { run, sent, clock } = await resubmitter({}, operations)
    clock.now += 2_000
    await run(testBlock(13, { baseFeePerGas: 40n }))
    expect(parseTransaction(sent()[0] ?? '0x')).toMatchObject({
      nonce: 5,
      to: account.address.toLowerCase(),
      gas: 21_000n,
      maxFeePerGas: 60n,
    })
  })

  test('a refused replacement leaves the journal as it was, and the next try waits', async () => {
    const refused = { type: 'refused', cause: 'underpriced', message: '' } as const
    const { run, sent, clock, bundle, store } = await resubmitter(
      {},
      [testPooled(1)],
      () => refused,
    )
    clock.now += 2_000
    await run(testBlock(13))
    expect(await store.bundles()).toEqual([{ ...bundle, sentAtBlock: 13 }])
    await run(testBlock(16))
    expect(sent()).toHaveLength(1)
  })

  test('operations that the node refuses do not hold the nonce: a transfer of nothing frees it', async () => {
    const refused = { type: 'refused', cause: 'other', message: 'rejected' } as const
    const { run, sent, clock, bundle, bundles } = await resubmitter({}, [testPooled(1)], (raw) =>
      parseTransaction(raw).gas === 21_000n ? { type: 'accepted' } : refused,
    )
    clock.now += 2_000
    await run(testBlock(13))
    expect(sent().map((raw) => parseTransaction(raw))).toMatchObject([
      { nonce: 5, to: defaultEntryPoint.address.toLowerCase() },
      { nonce: 5, to: account.address.toLowerCase(), maxFeePerGas: 60n },
    ])
    expect(bundles.get(bundle.id)).toMatchObject({
      operations: bundle.operations,
      transactions: [{ raw: '0x02ff' }, { operations: [] }],
    })
  })

  test('what would be sent at a loss is not: a transfer of nothing frees the nonce', async () => {
    const accepted = () => ({ type: 'accepted' }) as const
    const { run, sent, clock } = await resubmitter({}, [testPooled(1)], accepted, 1_000n)
    clock.now += 2_000
    await run(testBlock(13))
    expect(sent().map((raw) => parseTransaction(raw).gas)).toEqual([21_000n])
  })

  test('a bundle that is forgotten in the meantime is neither journaled nor sent', async () => {
    const { run, sent, clock, bundles, store, marketFees } = await resubmitter()
    marketFees.mockImplementation(async () => {
      bundles.clear()
      await store.clearPending()
      return { maxFeePerGas: 60n, maxPriorityFeePerGas: 8n }
    })
    clock.now += 2_000
    await run(testBlock(13))
    expect(sent()).toEqual([])
    expect(await store.bundles()).toEqual([])
    expect(bundles.all()).toEqual([])
  })
})
