import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feeBreach, gasPrices } from './feeRules.ts'

const policy = { minPriorityFeePerGas: 2n, minBaseFeePercent: 100n }

describe('feeBreach', () => {
  test.each([
    { maxFeePerGas: 102n, maxPriorityFeePerGas: 2n, rule: undefined },
    { maxFeePerGas: 101n, maxPriorityFeePerGas: 2n, rule: 'maxFeePerGas' },
    { maxFeePerGas: 200n, maxPriorityFeePerGas: 1n, rule: 'maxPriorityFeePerGas' },
    { maxFeePerGas: 200n, maxPriorityFeePerGas: 200n, rule: undefined },
    { maxFeePerGas: 200n, maxPriorityFeePerGas: 201n, rule: 'priorityAboveMax' },
  ])('base fee 100, max $maxFeePerGas, priority $maxPriorityFeePerGas: $rule', (fees) => {
    expect(feeBreach(fees, 100n, policy)?.rule).toBe(fees.rule)
  })

  test('the share of the base fee is rounded up', () => {
    const half = { minPriorityFeePerGas: 0n, minBaseFeePercent: 50n }
    expect(feeBreach({ maxFeePerGas: 50n, maxPriorityFeePerGas: 0n }, 101n, half)).toEqual({
      rule: 'maxFeePerGas',
      offered: 50n,
      bound: 51n,
    })
    expect(feeBreach({ maxFeePerGas: 51n, maxPriorityFeePerGas: 0n }, 101n, half)).toBeUndefined()
  })
})

test('gasPrices: dearer is more urgent, and every price is accepted at its base fee', () => {
  const wei = fc.bigInt({ min: 0n, max: 1_000_000_000_000n })
  fc.assert(
    fc.property(wei, wei, wei, (baseFee, slow, more) => {
      const prices = gasPrices(baseFee, { slow, standard: slow + more, fast: slow + more })
      expect(prices.slow.maxFeePerGas).toBeLessThanOrEqual(prices.standard.maxFeePerGas)
      expect(prices.standard.maxFeePerGas).toBeLessThanOrEqual(prices.fast.maxFeePerGas)
      for (const fees of [prices.slow, prices.standard, prices.fast]) {
        const open = { minPriorityFeePerGas: 0n, minBaseFeePercent: 100n }
        expect(feeBreach(fees, baseFee, open)).toBeUndefined()
      }
    }),
  )
})
