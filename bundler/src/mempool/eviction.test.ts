import type { Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { poolOf, refusal, testMempool } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'

describe('when the pool is full', () => {
  const full = () =>
    poolOf(
      ...Array.from({ length: 10 }, (_, n) =>
        testPooled(n, {
          sender: testAddress(n),
          maxFeePerGas: BigInt(100 + n),
          maxPriorityFeePerGas: 10n,
        }),
      ),
    )
  const newcomer = (maxFeePerGas: bigint, fields: { sender?: Hex; nonce?: bigint } = {}) =>
    testPooled(99, {
      sender: testAddress(99),
      maxFeePerGas,
      maxPriorityFeePerGas: maxFeePerGas,
      ...fields,
    })

  test.each([
    // The worst payers pay 10 at base fee 0, and 110 at base fee 1,000: their caps.
    { baseFee: 0n, pays: 10n, least: 11n },
    { baseFee: 1_000n, pays: 109n, least: 110n },
  ])('$pays wei per gas at base fee $baseFee are not enough, $least are', (row) => {
    const pool = full()
    const { baseFee } = row
    expect(refusal(() => pool.add(newcomer(row.pays), { baseFee }))).toEqual({
      code: -32504,
      rule: 'mempoolFull',
      limit: 10,
      effectiveGasPrice: row.least,
    })
    expect(pool.size()).toBe(10)
    const { evicted } = pool.add(newcomer(row.least), { baseFee })
    expect(evicted?.hash).toBe(testHash(baseFee === 0n ? 9 : 0))
    expect(pool.size()).toBe(10)
  })

  test('what is on its way or not yet journaled stays', () => {
    const pool = full()
    const all = [...pool.entries()].map(({ hash }) => hash)
    pool.setState(all.slice(0, 9), 'inFlight')
    expect(pool.add(newcomer(1_000n)).evicted?.hash).toBe(testHash(9))
    const another = testPooled(98, { sender: testAddress(98), maxFeePerGas: 9_000n })
    expect(refusal(() => pool.add(another))).toEqual({
      code: -32504,
      rule: 'mempoolFull',
      limit: 10,
    })
  })

  test('of a nonce key the last one goes, so that none is left behind a gap', () => {
    const pool = full()
    pool.remove(testHash(9))
    pool.restore(
      testPooled(50, {
        sender: testAddress(0),
        nonce: 1n,
        maxFeePerGas: 9_000n,
        maxPriorityFeePerGas: 9_000n,
      }),
    )
    const { evicted } = pool.add(newcomer(1_000n), { baseFee: 1_000n })
    expect(evicted?.hash).toBe(testHash(50))
  })

  test('an operation does not take the place of the one that it waits for', () => {
    const pool = full()
    const next = newcomer(1_000n, { sender: testAddress(0), nonce: 1n })
    expect(refusal(() => pool.add(next, { baseFee: 1_000n, noncesAhead: 1n }))).toMatchObject({
      rule: 'mempoolFull',
    })
  })

  test('what waits behind a gap pays nothing, whatever it offers, and keeps nobody out', () => {
    const pool = testMempool()
    for (let n = 0; n < 10; n++) {
      const dear = { maxFeePerGas: 9_000n, maxPriorityFeePerGas: 9_000n }
      pool.add(testPooled(n, { sender: testAddress(n), nonce: 1n, ...dear }), { noncesAhead: 1n })
      pool.setState([testHash(n)], 'waiting')
    }
    const stuck = newcomer(10_000n, { nonce: 1n })
    expect(refusal(() => pool.add(stuck, { noncesAhead: 1n }))).toMatchObject({
      rule: 'mempoolFull',
      effectiveGasPrice: 1n,
    })
    // It fills a gap: from now on that one can be included and pays.
    const { evicted } = pool.add(
      testPooled(98, { sender: testAddress(0), nonce: 0n, maxFeePerGas: 5n }),
    )
    expect(evicted?.hash).toBe(testHash(9))
    expect(pool.add(newcomer(1n)).evicted?.hash).toBe(testHash(8))
    pool.setState([testHash(98)], 'waiting')
    pool.remove(testHash(98))
    pool.remove(testHash(99))
    expect(pool.size()).toBe(8)
  })

  test('a replacement takes no place', () => {
    const pool = full()
    expect(pool.add(newcomer(1_000n, { sender: testAddress(3) }))).toEqual({
      replaced: expect.objectContaining({ hash: testHash(3) }),
    })
    expect(pool.size()).toBe(10)
  })
})
