import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { effectiveGasPrice, orderByFee } from './ordering.ts'

describe('effectiveGasPrice', () => {
  test.each([
    { maxFeePerGas: 100n, maxPriorityFeePerGas: 5n, baseFee: 50n, price: 55n },
    { maxFeePerGas: 52n, maxPriorityFeePerGas: 5n, baseFee: 50n, price: 52n },
    { maxFeePerGas: 40n, maxPriorityFeePerGas: 5n, baseFee: 50n, price: 40n },
  ])('max $maxFeePerGas, tip $maxPriorityFeePerGas at base fee $baseFee: $price', (row) => {
    expect(effectiveGasPrice(row, row.baseFee)).toBe(row.price)
  })
})

describe('orderByFee', () => {
  const operation = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint, addedAt = 0) => ({
    op: { maxFeePerGas, maxPriorityFeePerGas },
    addedAt,
  })

  test('the tip decides while the cap is not reached', () => {
    const small = operation(1_000n, 1n)
    const large = operation(100n, 2n)
    expect(orderByFee([small, large], 10n)).toEqual([large, small])
  })

  test('equal prices: first come, first served', () => {
    const late = operation(100n, 1n, 2)
    const early = operation(100n, 1n, 1)
    expect(orderByFee([late, early], 10n)).toEqual([early, late])
  })

  test('it loses and invents nothing, and prices never rise', () => {
    const fee = fc.bigInt({ min: 0n, max: 10_000n })
    const operations = fc.array(fc.tuple(fee, fee, fc.nat()).map((row) => operation(...row)))
    fc.assert(
      fc.property(operations, fee, (input, baseFee) => {
        const sorted = orderByFee(input, baseFee)
        expect(new Set(sorted)).toEqual(new Set(input))
        const prices = sorted.map(({ op }) => effectiveGasPrice(op, baseFee))
        expect(prices).toEqual([...prices].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0)))
      }),
    )
  })
})
