import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { effectiveGasPrice } from '../mempool/ordering.ts'
import { bundleFees, paidReplacement, replacementFees } from './bundleFees.ts'

const fees = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) => ({
  maxFeePerGas,
  maxPriorityFeePerGas,
})

describe('bundleFees', () => {
  test.each([
    { operations: [fees(100n, 5n)], baseFee: 10n, expected: fees(25n, 5n) },
    { operations: [fees(100n, 5n), fees(100n, 3n)], baseFee: 10n, expected: fees(23n, 3n) },
    { operations: [fees(12n, 5n)], baseFee: 10n, expected: fees(12n, 2n) },
    { operations: [fees(100n, 5n), fees(17n, 5n)], baseFee: 10n, expected: fees(17n, 5n) },
    { operations: [fees(10n, 5n)], baseFee: 10n, expected: fees(10n, 0n) },
    { operations: [fees(0n, 0n)], baseFee: 0n, expected: fees(0n, 0n) },
  ])('$operations at base fee $baseFee', ({ operations, baseFee, expected }) => {
    expect(bundleFees(operations, baseFee)).toEqual(expected)
  })

  test('whatever the base fee becomes, no operation pays less per gas than the executor', () => {
    const operation = fc
      .tuple(fc.bigInt({ min: 0n, max: 1_000n }), fc.bigInt({ min: 0n, max: 1_000n }))
      .map(([above, tip]) => ({ above, tip }))
    const baseFees = fc.tuple(
      fc.bigInt({ min: 0n, max: 1_000n }),
      fc.bigInt({ min: 0n, max: 3_000n }),
    )
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1 }), baseFees, (rows, [baseFee, mined]) => {
        const operations = rows.map(({ above, tip }) => fees(baseFee + above, tip))
        const bundle = bundleFees(operations, baseFee)
        expect(bundle.maxFeePerGas).toBeGreaterThanOrEqual(bundle.maxPriorityFeePerGas)
        expect(bundle.maxFeePerGas).toBeGreaterThanOrEqual(baseFee)
        if (bundle.maxFeePerGas < mined) return
        const paid = effectiveGasPrice(bundle, mined)
        for (const op of operations) {
          expect(effectiveGasPrice(op, mined)).toBeGreaterThanOrEqual(paid)
        }
      }),
    )
  })
})

describe('paidReplacement', () => {
  const sent = [fees(100n, 8n)]
  const op = (maxFeePerGas: bigint, tip: bigint) => ({ op: fees(maxFeePerGas, tip) })

  test.each([
    { name: 'the market is reached', ops: [op(500n, 20n)], expected: fees(300n, 10n) },
    {
      name: 'the poorest payer is the cap',
      ops: [op(500n, 20n), op(200n, 20n)],
      expected: fees(200n, 10n),
    },
    { name: 'the tip rises by 12.5 % only', ops: [op(500n, 8n)], expected: fees(300n, 9n) },
  ])('$name', ({ ops, expected }) => {
    expect(paidReplacement(ops, sent, fees(300n, 10n), 150n)).toEqual({
      operations: ops,
      fees: expected,
    })
  })

  test.each([
    { what: 'the base fee', baseFee: 150n, least: 150n },
    { what: 'a rise of 12.5 %', baseFee: 50n, least: 113n },
  ])('who cannot pay $what stays behind', ({ baseFee, least }) => {
    const [poor, rich] = [op(least - 1n, 8n), op(least, 8n)]
    expect(paidReplacement([poor, rich], sent, fees(300n, 9n), baseFee)).toEqual({
      operations: [rich],
      fees: fees(least, 9n),
    })
    expect(paidReplacement([poor], sent, fees(300n, 9n), baseFee)).toEqual({
      operations: [],
      fees: fees(300n, 9n),
    })
  })
})

describe('replacementFees', () => {
  test('12.5 % above the last one, rounded up', () => {
    expect(replacementFees([fees(1_001n, 8n)], fees(0n, 0n))).toEqual(fees(1_127n, 9n))
  })

  test('a tip of zero rises, too', () => {
    expect(replacementFees([fees(1_000n, 0n)], fees(0n, 0n))).toEqual(fees(1_125n, 1n))
  })

  test('at least what the market asks', () => {
    expect(replacementFees([fees(1_000n, 10n)], fees(5_000n, 50n))).toEqual(fees(5_000n, 50n))
  })

  test('never more than ten times the first fees', () => {
    expect(replacementFees([fees(100n, 1n), fees(888n, 5n)], fees(0n, 0n))).toEqual(fees(999n, 6n))
    expect(replacementFees([fees(100n, 1n), fees(889n, 5n)], fees(0n, 0n))).toBeUndefined()
  })
})
