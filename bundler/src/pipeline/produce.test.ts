import { describe, expect, test } from 'vitest'
import { failedOp } from '../testing/driverNode.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { payingOperation as operation, testProducer as producer } from '../testing/producer.ts'

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

describe('places that were taken', () => {
  const suspects = [operation(1, 100n), operation(2, 90n)]

  test('for one that fails are offered at once to those that found none', async () => {
    const { run, mempool, call } = producer(suspects, () => ({ type: 'accepted' }))
    for (const { hash } of suspects) mempool.setSuspect(hash)
    call.handleOps = (senders) =>
      senders.includes(testAddress(1)) ? failedOp(0, 'AA24 signature error') : undefined
    expect(await run()).toEqual([])
    expect(call.left).toBe(1)
    expect((await run()).map(({ operations }) => operations)).toEqual([[testHash(2)]])
  })

  test('a bundle that fails does not hide the one that was sent beside it', async () => {
    const accepted = () => ({ type: 'accepted' }) as const
    const { run, mempool, call, failures } = producer(suspects, accepted, 1, { maxInFlight: 2 })
    for (const { hash } of suspects) mempool.setSuspect(hash)
    call.handleOps = (senders) => {
      if (senders.includes(testAddress(1))) throw new Error('the node went away')
      return undefined
    }
    expect((await run()).map(({ operations }) => operations)).toEqual([[testHash(2)]])
    expect(failures).toEqual([new Error('the node went away')])
    expect(mempool.get(testHash(1))?.state).toBe('waiting')
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
