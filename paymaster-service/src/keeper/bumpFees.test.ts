import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bumpFees, firstFees } from './bumpFees.ts'

describe('firstFees', () => {
  test.each([
    { baseFee: 100n, tip: 5n, highest: 1_000n, expected: [305n, 5n] },
    { baseFee: 100n, tip: 5n, highest: 200n, expected: [200n, 5n] },
    { baseFee: 100n, tip: 500n, highest: 100n, expected: [100n, 100n] },
    { baseFee: 101n, tip: 5n, highest: 100n, expected: undefined },
  ])('base fee $baseFee, tip $tip, at most $highest: $expected', ({ highest, expected, ...at }) => {
    const fees = firstFees(at, highest)
    expect(fees && [fees.maxFeePerGas, fees.maxPriorityFeePerGas]).toEqual(expected)
  })
})

describe('bumpFees', () => {
  const before = { maxFeePerGas: 1_000n, maxPriorityFeePerGas: 80n }

  test.each([
    // An eighth more, also where the blocks are cheap.
    { market: { baseFee: 1n, tip: 1n }, highest: 9_999n, expected: [1_126n, 91n] },
    { market: { baseFee: 600n, tip: 200n }, highest: 9_999n, expected: [2_000n, 200n] },
    { market: { baseFee: 600n, tip: 200n }, highest: 1_500n, expected: [1_500n, 200n] },
    { market: { baseFee: 1n, tip: 1n }, highest: 1_126n, expected: [1_126n, 91n] },
    { market: { baseFee: 1n, tip: 1n }, highest: 1_125n, expected: undefined },
  ])('$market, at most $highest: $expected', ({ market, highest, expected }) => {
    const fees = bumpFees(before, market, highest)
    expect(fees && [fees.maxFeePerGas, fees.maxPriorityFeePerGas]).toEqual(expected)
  })

  test('however often: both fees rise by a tenth and more, none above the highest, and it ends', () => {
    const fee = fc.bigInt(0n, 10n ** 12n)
    fc.assert(
      fc.property(fee, fee, fee, fc.bigInt(1n, 10n ** 12n), (base, tip, nextBase, highest) => {
        let fees = firstFees({ baseFee: base, tip }, highest)
        let count = 0
        while (fees) {
          const next = bumpFees(fees, { baseFee: nextBase, tip }, highest)
          if (next) {
            expect(next.maxFeePerGas * 10n).toBeGreaterThanOrEqual(fees.maxFeePerGas * 11n)
            expect(next.maxFeePerGas).toBeLessThanOrEqual(highest)
            expect(next.maxPriorityFeePerGas).toBeLessThanOrEqual(next.maxFeePerGas)
            expect(next.maxPriorityFeePerGas * 10n).toBeGreaterThanOrEqual(
              fees.maxPriorityFeePerGas * 11n,
            )
          }
          fees = next
          expect(count++).toBeLessThan(300)
        }
      }),
    )
  })
})
