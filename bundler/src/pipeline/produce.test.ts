import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import type { SendOutcome } from '../chain/transactionSender.ts'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { executorLoad } from '../submission/executorLoad.ts'
import { createExecutorPool } from '../submission/executorPool.ts'
import { testBlock } from '../testing/bundle.ts'
import type { HandleOps } from '../testing/driverNode.ts'
import { failedOp, testBuilding } from '../testing/driverNode.ts'
import { testMempool, testReputation } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import type { Bundle } from '../types/bundle.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { createProducer } from './produce.ts'

/** A producer with `operations` in the pool; `verdict` is what the node says to a transaction. */
function producer(
  operations: PooledOperation[],
  verdict: (senders: string[]) => SendOutcome,
  executorCount = 1,
  options: { maxInFlight?: number } = {},
) {
  const clock = { now: 10 }
  const now = () => clock.now
  const bundles = createBundleRegistry()
  const mempool = testMempool()
  for (const operation of operations) mempool.restore(operation)
  const accounts = Array.from({ length: executorCount }, (_, n) =>
    privateKeyToAccount(testHash(n + 1)),
  )
  const refused: Bundle[] = []
  const sweeps: number[] = []
  const updates: OperationUpdate[] = []
  const store = createMemoryStore()
  const call: {
    fails: boolean
    handleOps: HandleOps
    paid: bigint
    left: number
    unsettled: Hex[]
    meanwhile: () => Promise<void>
  } = {
    unsettled: [],
    meanwhile: async () => undefined,
    fails: false,
    handleOps: () => undefined,
    paid: 10n ** 9n,
    left: 0,
  }
  const run = createProducer({
    chainId: 31_337,
    entryPoints: [defaultEntryPoint],
    reader: { call: async () => ({ ok: true, data: '0x' }) },
    building: testBuilding(() => {
      if (call.fails) throw new Error('the node went away')
      return { handleOps: call.handleOps, paid: call.paid }
    }),
    maxBundleLoss: 0n,
    sender: {
      async send({ raw }) {
        const { data } = parseTransaction(raw)
        const ops = defaultEntryPoint.decodeHandleOps(data ?? '0x')?.ops ?? []
        return verdict(ops.map(({ sender }) => sender))
      },
    },
    mempool,
    reputation: testReputation({ now }),
    store,
    bundles,
    executors: createExecutorPool({
      executors: accounts.map((account) => ({ account, confirmedNonce: 0 })),
      maxInFlight: options.maxInFlight ?? 1,
      load: (address) => executorLoad(bundles, address),
      now,
    }),
    limits: { maxOperations: 10, maxGas: 30_000_000n },
    operationTtlMs: 3_600_000,
    findInclusionOnChain: async () => undefined,
    findUnsettled: async () => {
      await call.meanwhile()
      return new Set(call.unsettled)
    },
    sweep: async ({ number }) => void sweeps.push(number),
    head: () => testBlock(10),
    now,
    onUpdates: (all) => updates.push(...all),
    onRefused: (bundle) => refused.push(bundle),
    onLeft() {
      call.left += 1
    },
  })
  return { run, clock, mempool, store, bundles, refused, call, sweeps, updates }
}

const operation = (n: number, maxFeePerGas: bigint) =>
  testPooled(n, { sender: testAddress(n), maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas })

test('an operation for which the node refuses every transaction does not stop the others', async () => {
  const poison = operation(1, 100n)
  const others = [operation(2, 50n), operation(3, 40n)]
  const { run, clock, mempool, store } = producer([poison, ...others], (senders) =>
    senders.includes(testAddress(1))
      ? { type: 'refused', cause: 'other', message: 'rejected' }
      : { type: 'accepted' },
  )
  const carried: string[][] = []
  for (let round = 0; round < 3; round++) {
    for (const { operations } of await run()) carried.push(operations)
    clock.now += 1_000
  }
  expect(carried).toEqual([[others[0]?.hash]])
  expect(mempool.get(poison.hash)).toMatchObject({ state: 'deferred', suspect: true })
  expect((await store.bundles()).map(({ operations }) => operations)).toEqual(carried)
})

test.each([
  { cause: 'underpriced', suspect: false },
  { cause: 'insufficientFunds', suspect: false },
  { cause: 'nonceTooHigh', suspect: false },
  { cause: 'other', suspect: true },
] as const)(
  'refused as $cause: the operations wait, suspect $suspect',
  async ({ cause, suspect }) => {
    const both = [operation(1, 100n), operation(2, 50n)]
    const { run, mempool, store, bundles, refused } = producer(both, () => ({
      type: 'refused',
      cause,
      message: '',
    }))
    expect(await run()).toEqual([])
    expect(refused).toHaveLength(1)
    expect([...mempool.entries()]).toMatchObject([
      { state: 'waiting', suspect },
      { state: 'waiting', suspect },
    ])
    expect(await store.bundles()).toEqual([])
    expect(bundles.all()).toEqual([])
  },
)

test.each([{ type: 'unknown', message: '' }, { type: 'nonceTooLow' }] as const)(
  'after $type the bundle stays the only carrier of its operations',
  async (outcome) => {
    const { run, mempool, bundles } = producer([operation(1, 100n)], () => outcome, 2)
    expect(await run()).toHaveLength(1)
    expect(await run()).toEqual([])
    expect(mempool.get(testHash(1))?.state).toBe('inFlight')
    expect(bundles.inFlight()).toHaveLength(1)
  },
)

test('a node that goes away at once ends the run, and every operation waits', async () => {
  const { run, mempool, call } = producer([operation(1, 100n)], () => ({ type: 'accepted' }), 3)
  call.fails = true
  await expect(run()).rejects.toThrow('the node went away')
  expect(mempool.get(testHash(1))?.state).toBe('waiting')
})

test('an operation below the base fee is not bundled, and pays for the cap of none', async () => {
  const { run, bundles, mempool } = producer(
    [operation(1, 9n), operation(2, 12n), operation(3, 100n)],
    () => ({ type: 'accepted' }),
  )
  const [bundle] = await run()
  expect(bundle?.operations).toEqual([testHash(3), testHash(2)])
  expect(bundles.inFlight()[0]?.transactions[0]?.maxFeePerGas).toBe(12n)
  expect(mempool.get(testHash(1))?.state).toBe('waiting')
})

test('operations of one sender go in one bundle in the order of their nonces, whatever they pay', async () => {
  const sender = testAddress(1)
  const of = (n: number, nonce: bigint, fee: bigint) =>
    testPooled(n, { sender, nonce, maxFeePerGas: fee, maxPriorityFeePerGas: fee })
  const { run } = producer(
    [of(1, 0n, 20n), of(2, 1n, 90n), of(3, 2n, 30n), of(4, 1n << 64n, 50n), operation(5, 40n)],
    () => ({ type: 'accepted' }),
    2,
  )
  const [bundle, ...others] = await run()
  expect(others).toEqual([])
  expect(bundle?.operations.map(Number)).toEqual([4, 5, 1, 2, 3])
})

test('operations in conflict are not on their way at the same time, not even in two bundles', async () => {
  const reads = [{ address: testAddress(1), slots: [testHash(1)] }]
  const reader = { ...operation(2, 50n), record: { staked: [], reads } }
  const { run, mempool } = producer([operation(1, 100n), reader], () => ({ type: 'accepted' }), 2)
  expect((await run()).map(({ operations }) => operations.map(Number))).toEqual([[1]])
  expect(await run()).toEqual([])
  mempool.remove(testHash(1))
  expect((await run()).map(({ operations }) => operations.map(Number))).toEqual([[2]])
})

test('a drop is followed by a sweep: an entity may be banned by it', async () => {
  const { run, mempool, call, sweeps } = producer([operation(1, 100n)], () => ({
    type: 'accepted',
  }))
  call.handleOps = () => failedOp(0, 'AA23 reverted')
  expect(await run()).toEqual([])
  expect(mempool.size()).toBe(0)
  expect(sweeps).toEqual([10])
})

describe('an operation that fails', () => {
  const fails = (n: number, when: (others: number) => boolean): HandleOps => {
    return (senders) => {
      const index = senders.indexOf(testAddress(n))
      const others = senders.length - 1
      return index >= 0 && when(others)
        ? failedOp(index, 'AA26 over verificationGasLimit')
        : undefined
    }
  }

  test('in company only is kept and gets a bundle of its own, beside the one of the others', async () => {
    const { run, mempool, call } = producer(
      [operation(1, 100n), operation(2, 90n), operation(3, 80n)],
      () => ({ type: 'accepted' }),
      1,
      { maxInFlight: 2 },
    )
    call.handleOps = fails(2, (others) => others > 0)
    const [first] = await run()
    expect(first?.operations).toEqual([testHash(1), testHash(3)])
    expect(mempool.get(testHash(2))).toMatchObject({ state: 'waiting', suspect: true })
    expect(call.left).toBe(1)
    const [second] = await run()
    expect(second).toMatchObject({ operations: [testHash(2)], nonce: 1 })
    expect(call.left).toBe(1)
  })

  test('alone is dropped, and the others are sent without it', async () => {
    const { run, mempool, call } = producer([operation(1, 100n), operation(2, 90n)], () => ({
      type: 'accepted',
    }))
    call.handleOps = fails(1, () => true)
    const [bundle] = await run()
    expect(bundle?.operations).toEqual([testHash(2)])
    expect(mempool.get(testHash(1))).toBeUndefined()
  })
})

describe('who is in a block already', () => {
  const drained: HandleOps = (senders) =>
    senders.includes(testAddress(1)) ? failedOp(0, "AA21 didn't pay prefund") : undefined

  test('one that was drained by its own inclusion waits until the block is settled', async () => {
    const { run, mempool, call } = producer([operation(1, 100n)], () => ({ type: 'accepted' }))
    call.handleOps = drained
    call.unsettled = [testHash(1)]
    await run()
    expect(mempool.get(testHash(1))?.state).toBe('deferred')
    call.unsettled = []
    mempool.wakeDeferred()
    await run()
    expect(mempool.get(testHash(1))).toBeUndefined()
  })

  test('a block that is settled while a failure is judged goes before it', async () => {
    const { run, mempool, store, call, updates } = producer([operation(1, 100n)], () => ({
      type: 'accepted',
    }))
    await store.commit([{ type: 'operationAdded', operation: operation(1, 100n) }])
    call.handleOps = drained
    call.meanwhile = async () => {
      const block = { number: 11, hash: testHash(11) }
      const inclusion = { hash: testHash(1), transactionHash: testHash(2), block, success: true }
      await store.commit([{ type: 'operationIncluded', inclusion: { ...inclusion, receipt: {} } }])
      mempool.remove(testHash(1))
    }
    await run()
    expect(updates).toEqual([])
    expect(await store.findOperation(testHash(1))).toMatchObject({ state: 'included' })
  })
})

describe('profit', () => {
  test('a bundle that costs the executor more than it brings is not sent, and waits', async () => {
    const { run, mempool, call, bundles } = producer([operation(1, 100n)], () => ({
      type: 'accepted',
    }))
    call.paid = 1_000n
    expect(await run()).toEqual([])
    expect(mempool.get(testHash(1))?.state).toBe('deferred')
    expect(bundles.all()).toEqual([])
  })
})

describe('several bundles of one executor', () => {
  test('are on consecutive nonces, as many as are allowed', async () => {
    const many = [1, 2, 3, 4, 5].map((n) => operation(n, 100n))
    const { run, mempool } = producer(many, () => ({ type: 'accepted' }), 1, { maxInFlight: 3 })
    for (const { hash } of many) mempool.setSuspect(hash)
    const sent = await run()
    expect(sent.map(({ nonce }) => nonce)).toEqual([0, 1, 2])
    expect(sent.map(({ operations }) => operations.length)).toEqual([1, 1, 1])
    expect(await run()).toEqual([])
  })

  test('one that is refused leaves its nonce to the next one', async () => {
    const both = [operation(1, 100n), operation(2, 90n)]
    let refuse = true
    const { run, mempool, clock } = producer(
      both,
      (senders) =>
        refuse && senders.includes(testAddress(1))
          ? { type: 'refused', cause: 'underpriced', message: '' }
          : { type: 'accepted' },
      1,
      { maxInFlight: 3 },
    )
    for (const { hash } of both) mempool.setSuspect(hash)
    expect((await run()).map(({ nonce }) => nonce)).toEqual([1])
    refuse = false
    clock.now += 1_000
    expect((await run()).map(({ nonce }) => nonce)).toEqual([0])
  })
})
