import { entryPointAdapters } from '@fabstir/erc4337'
import { describe, expect, test } from 'vitest'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import type { RpcError } from '../types/rpcError.ts'
import { createMempool } from './mempool.ts'

const limits = { maxOperations: 10, maxOperationsPerSender: 4 }
const entryPoint = testPooled(0).entryPoint.address

function refusal(add: () => unknown): unknown {
  try {
    add()
  } catch (error) {
    const { code, data } = error as RpcError
    return { code, ...(data as Record<string, unknown>) }
  }
  return undefined
}

/** A pool whose operations may all be bundled. */
function poolOf(...operations: Parameters<ReturnType<typeof createMempool>['add']>[0][]) {
  const pool = createMempool(limits)
  for (const operation of operations) pool.restore(operation)
  return pool
}

describe('add', () => {
  test('an operation is no candidate before it is journaled', () => {
    const pool = createMempool(limits)
    pool.add(testPooled(1))
    expect(pool.candidates(entryPoint)).toEqual([])
    pool.setState([testHash(1)], 'waiting')
    expect(pool.candidates(entryPoint).map(({ hash }) => hash)).toEqual([testHash(1)])
  })

  test('the same nonce replaces, and the replaced operation is returned', () => {
    const pool = poolOf(testPooled(1, { maxFeePerGas: 100n, maxPriorityFeePerGas: 10n }))
    const next = testPooled(2, { maxFeePerGas: 110n, maxPriorityFeePerGas: 11n })
    expect(pool.add(next)?.hash).toBe(testHash(1))
    expect(pool.get(testHash(1))).toBeUndefined()
    expect(pool.size()).toBe(1)
  })

  test('the same nonce on another key, sender or EntryPoint is another place', () => {
    const [other] = entryPointAdapters
    if (!other) throw new Error('there are EntryPoints')
    const pool = poolOf(testPooled(1))
    pool.add(testPooled(2, { nonce: 1n << 64n }))
    pool.add(testPooled(3, { sender: testAddress(2) }))
    pool.add(testPooled(4, {}, { entryPoint: other }))
    expect(pool.size()).toBe(4)
  })

  test('a replacement that pays too little is told the least fees', () => {
    const pool = poolOf(testPooled(1, { maxFeePerGas: 100n, maxPriorityFeePerGas: 10n }))
    const next = testPooled(2, { maxFeePerGas: 109n, maxPriorityFeePerGas: 11n })
    expect(refusal(() => pool.add(next))).toEqual({
      code: -32602,
      rule: 'replacementUnderpriced',
      pending: testHash(1),
      maxFeePerGas: '0x6e',
      maxPriorityFeePerGas: '0xb',
    })
    expect(pool.get(testHash(1))).toBeDefined()
  })

  test('an operation on its way is not replaced', () => {
    const pool = poolOf(testPooled(1))
    pool.setState([testHash(1)], 'inFlight')
    const next = testPooled(2, { maxFeePerGas: 1_000n, maxPriorityFeePerGas: 1_000n })
    expect(refusal(() => pool.add(next))).toMatchObject({ rule: 'replacementInFlight' })
  })

  test('[UREP-010] a sender has at most four, and one more when one has left', () => {
    const pool = poolOf(...[0, 1, 2, 3].map((n) => testPooled(n, { nonce: BigInt(n) << 64n })))
    const fifth = testPooled(9, { nonce: 9n << 64n })
    expect(refusal(() => pool.add(fifth))).toMatchObject({
      code: -32504,
      rule: 'UREP-010',
      limit: 4,
    })
    pool.remove(testHash(0))
    expect(refusal(() => pool.add(fifth))).toBeUndefined()
  })

  test('a full pool refuses, except for replacements', () => {
    const pool = poolOf(
      ...Array.from({ length: 10 }, (_, n) => testPooled(n, { sender: testAddress(n) })),
    )
    const newcomer = testPooled(99, { sender: testAddress(99) })
    expect(refusal(() => pool.add(newcomer))).toEqual({
      code: -32504,
      rule: 'mempoolFull',
      limit: 10,
    })
    const fees = { maxFeePerGas: 1_000n, maxPriorityFeePerGas: 1_000n }
    pool.add(testPooled(98, { sender: testAddress(3), ...fees }))
    expect(pool.size()).toBe(10)
  })

  test('[EREP-010] the deposit of a paymaster covers all its operations', () => {
    const paymaster = testAddress(7)
    const pool = createMempool(limits)
    pool.add(testPooled(1, { paymaster }, { prefund: 600n }), 1_000n)
    const second = testPooled(2, { paymaster, sender: testAddress(2) }, { prefund: 401n })
    expect(refusal(() => pool.add(second, 1_000n))).toEqual({
      code: -32508,
      rule: 'EREP-010',
      paymaster,
      deposit: '1000',
      reserved: '600',
      required: '401',
    })
    expect(refusal(() => pool.add({ ...second, prefund: 400n }, 1_000n))).toBeUndefined()
  })
})

describe('candidates', () => {
  test('of one nonce key only the lowest nonce, of several keys one each', () => {
    const pool = poolOf(
      testPooled(1, { nonce: 1n }),
      testPooled(2, { nonce: 0n }),
      testPooled(3, { nonce: 1n << 64n }),
    )
    const hashes = pool.candidates(entryPoint).map(({ hash }) => hash)
    expect(hashes.sort()).toEqual([testHash(2), testHash(3)])
  })

  test('nothing behind an operation on its way', () => {
    const pool = poolOf(testPooled(1, { nonce: 0n }), testPooled(2, { nonce: 1n }))
    pool.setState([testHash(1)], 'inFlight')
    expect(pool.candidates(entryPoint)).toEqual([])
    pool.remove(testHash(1))
    expect(pool.candidates(entryPoint).map(({ hash }) => hash)).toEqual([testHash(2)])
  })

  test('a deferred operation waits until it is woken', () => {
    const pool = poolOf(testPooled(1))
    pool.setState([testHash(1)], 'deferred')
    expect(pool.candidates(entryPoint)).toEqual([])
    pool.wakeDeferred()
    expect(pool.candidates(entryPoint)).toHaveLength(1)
  })
})

test('restore ignores limits: what was acknowledged comes back', () => {
  const many = Array.from({ length: 20 }, (_, n) => testPooled(n, { nonce: BigInt(n) << 64n }))
  expect(poolOf(...many).size()).toBe(20)
})

test('countRevert counts per operation, and knows nothing of those that left', () => {
  const pool = poolOf(testPooled(1))
  expect([pool.countRevert(testHash(1)), pool.countRevert(testHash(1))]).toEqual([1, 2])
  expect(pool.countRevert(testHash(2))).toBe(0)
})
