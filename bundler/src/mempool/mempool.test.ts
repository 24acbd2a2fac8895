import { entryPointAdapters } from '@fabstir/erc4337'
import { describe, expect, test } from 'vitest'
import { poolOf, readyOperations, refusal, testMempool } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { testDependencies } from '../testing/validationRecord.ts'

const entryPoint = testPooled(0).entryPoint.address

describe('add', () => {
  test('an operation is no candidate before it is journaled', () => {
    const pool = testMempool()
    pool.add(testPooled(1))
    expect(readyOperations(pool, entryPoint)).toEqual([])
    pool.setState([testHash(1)], 'waiting')
    expect(readyOperations(pool, entryPoint).map(({ hash }) => hash)).toEqual([testHash(1)])
  })

  test('the same nonce replaces, and the replaced operation is returned', () => {
    const pool = poolOf(testPooled(1, { maxFeePerGas: 100n, maxPriorityFeePerGas: 10n }))
    const next = testPooled(2, { maxFeePerGas: 110n, maxPriorityFeePerGas: 11n })
    expect(pool.add(next)).toMatchObject({ replaced: { hash: testHash(1) } })
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

  test.each([
    { rule: 'GREP-020', code: -32504 },
    { rule: 'UREP-010', code: -32505 },
    { rule: 'UREP-020', code: -32505 },
  ] as const)('[$rule] an entity has at most its quota, and one more when one has left', (row) => {
    const pool = poolOf(...[0, 1, 2, 3].map((n) => testPooled(n, { nonce: BigInt(n) << 64n })))
    const fifth = testPooled(9, { nonce: 9n << 64n })
    const quota = { role: 'account', address: testAddress(1), limit: 4, rule: row.rule } as const
    const add = () => pool.add(fifth, { quotas: [quota] })
    expect(refusal(add)).toMatchObject({
      ...row,
      account: testAddress(1),
      limit: 4,
      pending: 4,
    })
    pool.remove(testHash(0))
    expect(refusal(add)).toBeUndefined()
  })

  test('a replacement does not count against the quota that it does not use up', () => {
    const pool = poolOf(testPooled(1))
    const quota = { role: 'account', address: testAddress(1), limit: 1, rule: 'UREP-010' } as const
    const fees = { maxFeePerGas: 1_000n, maxPriorityFeePerGas: 1_000n }
    expect(refusal(() => pool.add(testPooled(2, fees), { quotas: [quota] }))).toBeUndefined()
    const other = { ...quota, role: 'paymaster', address: testAddress(7), limit: 0 } as const
    const third = testPooled(3, { maxFeePerGas: 9_000n, maxPriorityFeePerGas: 9_000n })
    expect(refusal(() => pool.add(third, { quotas: [other] }))).toMatchObject({ limit: 0 })
    expect(pool.get(testHash(2))).toBeDefined()
  })

  describe('[STO-040] roles', () => {
    const both = testAddress(7)
    test.each(['paymaster', 'factory'] as const)('a pooled sender is no %s', (role) => {
      const pool = poolOf(testPooled(1, { sender: both }))
      const next = testPooled(2, { [role]: both })
      expect(refusal(() => pool.add(next))).toMatchObject({
        code: -32502,
        rule: 'STO-040',
        entity: role,
      })
      pool.remove(testHash(1))
      expect(refusal(() => pool.add(next))).toBeUndefined()
    })

    test.each(['paymaster', 'factory'] as const)('a pooled %s is no sender', (role) => {
      const pool = poolOf(testPooled(1, { [role]: both }))
      expect(() => pool.add(testPooled(2, { sender: both }))).toThrow(
        'is used as a different entity in another UserOperation currently in mempool',
      )
    })

    test('a replaced operation is no other one', () => {
      const fees = { maxFeePerGas: 1_000n, maxPriorityFeePerGas: 1_000n }
      const pool = poolOf(testPooled(1))
      pool.add(testPooled(2, { ...fees, paymaster: testAddress(1) }))
      expect(pool.size()).toBe(1)
    })
  })

  describe('[OP-053] a contract that pays the EntryPoint for accounts which call it', () => {
    const helper = testAddress(8)
    const paidFor = (n: number, from = helper) =>
      testPooled(
        n,
        { sender: testAddress(n), maxFeePerGas: 100n, maxPriorityFeePerGas: 100n },
        {
          record: {
            staked: [],
            dependencies: testDependencies({ payments: [{ from, amount: 5n }] }),
          },
        },
      )

    test('pays for one operation of the pool: its inclusion must not invalidate others', () => {
      const pool = poolOf(paidFor(1))
      expect(refusal(() => pool.add(paidFor(2)))).toMatchObject({
        code: -32502,
        rule: 'OP-053',
        contract: helper,
      })
      pool.remove(testHash(1))
      expect(refusal(() => pool.add(paidFor(2)))).toBeUndefined()
    })

    test('an account that pays for itself is none', () => {
      const pool = poolOf(paidFor(1, testAddress(1)))
      pool.add(paidFor(2, testAddress(2)))
      expect(pool.size()).toBe(2)
    })

    test('a replaced operation is no other one', () => {
      const pool = poolOf(paidFor(1))
      const next = paidFor(2)
      const op = { ...next.op, sender: testAddress(1), maxFeePerGas: 200n }
      pool.add({ ...next, op: { ...op, maxPriorityFeePerGas: 200n } })
      expect(pool.size()).toBe(1)
    })
  })

  test.each(['waiting', 'deferred', 'inFlight'] as const)(
    '[EREP-010] the deposit of a paymaster covers all its operations, also %s ones',
    (state) => {
      const paymaster = testAddress(7)
      const pool = testMempool()
      pool.add(testPooled(1, { paymaster }, { prefund: 600n }), { deposit: 1_000n })
      pool.setState([testHash(1)], state)
      const second = testPooled(2, { paymaster, sender: testAddress(2) }, { prefund: 401n })
      expect(refusal(() => pool.add(second, { deposit: 1_000n }))).toEqual({
        code: -32508,
        rule: 'EREP-010',
        paymaster,
        deposit: '1000',
        reserved: '600',
        required: '401',
      })
      expect(
        refusal(() => pool.add({ ...second, prefund: 400n }, { deposit: 1_000n })),
      ).toBeUndefined()
    },
  )
})

describe('ranking', () => {
  test('of one nonce key only the lowest nonce, of several keys one each', () => {
    const pool = poolOf(
      testPooled(1, { nonce: 1n }),
      testPooled(2, { nonce: 0n }),
      testPooled(3, { nonce: 1n << 64n }),
    )
    const hashes = readyOperations(pool, entryPoint).map(({ hash }) => hash)
    expect(hashes.sort()).toEqual([testHash(2), testHash(3)])
  })

  test('nothing behind an operation on its way', () => {
    const pool = poolOf(testPooled(1, { nonce: 0n }), testPooled(2, { nonce: 1n }))
    pool.setState([testHash(1)], 'inFlight')
    expect(readyOperations(pool, entryPoint)).toEqual([])
    pool.remove(testHash(1))
    expect(readyOperations(pool, entryPoint).map(({ hash }) => hash)).toEqual([testHash(2)])
  })

  test('best payer first, then the longest waiting', () => {
    const of = (n: number, maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) =>
      testPooled(n, { sender: testAddress(n), maxFeePerGas, maxPriorityFeePerGas })
    const pool = poolOf(of(1, 1_000n, 1n), of(2, 100n, 2n), of(3, 100n, 2n), of(4, 50n, 50n))
    const order = (baseFee: bigint) =>
      readyOperations(pool, entryPoint, baseFee).map(({ hash }) => Number(hash))
    expect(order(0n)).toEqual([4, 2, 3, 1])
    expect(order(60n)).toEqual([2, 3, 1, 4])
    expect(order(500n)).toEqual([1, 2, 3, 4])
  })

  test('who is taken lets the next nonce of its key follow, if that waits', () => {
    const pool = poolOf(
      testPooled(1, { nonce: 0n, maxPriorityFeePerGas: 1n }),
      testPooled(2, { nonce: 1n, maxPriorityFeePerGas: 90n }),
      testPooled(3, { nonce: 2n }),
      testPooled(4, { sender: testAddress(2), maxPriorityFeePerGas: 50n }),
    )
    pool.setState([testHash(3)], 'deferred')
    const ranking = pool.ranking(entryPoint, 0n)
    const offered: number[] = []
    for (let entry = ranking.next(); entry; entry = ranking.next()) {
      offered.push(Number(entry.hash))
      ranking.take(entry)
    }
    ranking.close()
    expect(offered).toEqual([4, 1, 2])
    expect(readyOperations(pool, entryPoint).map(({ hash }) => Number(hash))).toEqual([4, 1])
  })

  test('when the first of a key leaves, the next one is ready', () => {
    const pool = poolOf(testPooled(1, { nonce: 0n }), testPooled(2, { nonce: 1n }))
    expect(readyOperations(pool, entryPoint)).toHaveLength(1)
    pool.remove(testHash(1))
    expect(readyOperations(pool, entryPoint).map(({ hash }) => Number(hash))).toEqual([2])
  })

  test('a nonce ahead waits until the chain has used those before it', () => {
    const pool = testMempool()
    pool.add(testPooled(1, { nonce: 7n }), { noncesAhead: 2n })
    pool.setState([testHash(1)], 'waiting')
    expect(readyOperations(pool, entryPoint)).toEqual([])
    pool.nonceUsed(entryPoint, testAddress(1), 5n)
    expect(readyOperations(pool, entryPoint)).toEqual([])
    pool.nonceUsed(entryPoint, testAddress(1), 6n)
    expect(readyOperations(pool, entryPoint)).toHaveLength(1)
  })

  test('a nonce ahead is ready when its predecessor has been admitted and taken', () => {
    const pool = testMempool()
    pool.add(testPooled(2, { nonce: 1n }), { noncesAhead: 1n })
    pool.add(testPooled(1, { nonce: 0n }))
    pool.setState([testHash(1), testHash(2)], 'waiting')
    expect(readyOperations(pool, entryPoint).map(({ hash }) => Number(hash))).toEqual([1])
    pool.setState([testHash(1)], 'inFlight')
    expect(readyOperations(pool, entryPoint)).toEqual([])
    pool.remove(testHash(1))
    pool.nonceUsed(entryPoint, testAddress(1), 0n)
    expect(readyOperations(pool, entryPoint).map(({ hash }) => Number(hash))).toEqual([2])
  })

  test('a deferred operation waits until it is woken', () => {
    const pool = poolOf(testPooled(1))
    pool.setState([testHash(1)], 'deferred')
    expect(readyOperations(pool, entryPoint)).toEqual([])
    pool.wakeDeferred()
    expect(readyOperations(pool, entryPoint)).toHaveLength(1)
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
