import { describe, expect, test } from 'vitest'
import { effectiveGasPrice } from '../mempool/ordering.ts'
import { bundleFees, paidReplacement } from '../submission/bundleFees.ts'
import { paysNoFees } from './zeroFee.ts'

const fees = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) => ({
  maxFeePerGas,
  maxPriorityFeePerGas,
})
const free = fees(0n, 0n)

test('only both fees at zero are no fees', () => {
  expect(paysNoFees(free)).toBe(true)
  expect(paysNoFees(fees(1n, 0n))).toBe(false)
})

describe('an operation without fees, at a base fee of 10', () => {
  test('ranks with those that pay no tip: behind tips, before who cannot pay', () => {
    const prices = [fees(20n, 1n), free, fees(9n, 9n)].map((op) => effectiveGasPrice(op, 10n))
    expect(prices).toEqual([11n, 10n, 9n])
  })

  test('bounds neither tip nor cap of its bundle', () => {
    expect(bundleFees([fees(30n, 2n), free], 10n)).toEqual(bundleFees([fees(30n, 2n)], 10n))
    expect(bundleFees([free], 10n)).toEqual(fees(20n, 0n))
  })

  test('stays in the replacement of a stuck transaction, at what the market asks', () => {
    const { operations, fees: paid } = paidReplacement(
      [{ op: free }],
      [fees(20n, 0n)],
      fees(40n, 3n),
      10n,
    )
    expect(operations).toEqual([{ op: free }])
    expect(paid.maxFeePerGas).toBe(40n)
  })
})
