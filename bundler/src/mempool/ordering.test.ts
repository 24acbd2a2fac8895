import { expect, test } from 'vitest'
import { effectiveGasPrice } from './ordering.ts'

test.each([
  { maxFeePerGas: 100n, maxPriorityFeePerGas: 5n, baseFee: 50n, price: 55n },
  { maxFeePerGas: 52n, maxPriorityFeePerGas: 5n, baseFee: 50n, price: 52n },
  { maxFeePerGas: 40n, maxPriorityFeePerGas: 5n, baseFee: 50n, price: 40n },
])('max $maxFeePerGas, tip $maxPriorityFeePerGas at base fee $baseFee: $price', (row) => {
  expect(effectiveGasPrice(row, row.baseFee)).toBe(row.price)
})
