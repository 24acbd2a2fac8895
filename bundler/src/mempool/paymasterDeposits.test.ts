import { expect, test } from 'vitest'
import { depositCovers } from './paymasterDeposits.ts'

test.each([
  { deposit: 25n, covers: true },
  { deposit: 24n, covers: false },
])('[EREP-010] a deposit of $deposit for 15 reserved and 10 more: $covers', (row) => {
  expect(depositCovers(row.deposit, 15n, 10n)).toBe(row.covers)
})
