import { expect, test } from 'vitest'
import { bundleProfit, depositRefund } from './profit.ts'

const fees = { maxFeePerGas: 100n, maxPriorityFeePerGas: 10n }

test.each([
  { paid: 60_000n, baseFee: 50n, profit: 0n, why: 'base fee and tip' },
  { paid: 60_000n, baseFee: 50n, dataFee: 7n, profit: -7n, why: 'the data of a rollup' },
  { paid: 59_999n, baseFee: 50n, profit: -1n, why: 'one wei less' },
  { paid: 100_000n, baseFee: 95n, profit: 0n, why: 'the cap counts' },
  { paid: 0n, baseFee: 0n, profit: -10_000n, why: 'the tip alone' },
])(
  '1,000 gas at base fee $baseFee, paid $paid: $profit ($why)',
  ({ paid, baseFee, dataFee = 0n, profit }) => {
    expect(bundleProfit({ gasUsed: 1_000n, paid, baseFee }, fees, dataFee)).toBe(profit)
  },
)

test.each([
  { selfPaying: 0, gasUsed: 167_000n, refund: 0n, why: 'paymasters pay' },
  { selfPaying: 1, gasUsed: 167_000n, refund: 19_900n, why: 'one first operation' },
  { selfPaying: 3, gasUsed: 298_500n, refund: 59_700n, why: 'just a fifth' },
  { selfPaying: 3, gasUsed: 298_499n, refund: 59_699n, why: 'a fifth, and no more' },
])('$selfPaying of $gasUsed gas: $refund ($why)', ({ selfPaying, gasUsed, refund }) => {
  expect(depositRefund(selfPaying, gasUsed)).toBe(refund)
})
