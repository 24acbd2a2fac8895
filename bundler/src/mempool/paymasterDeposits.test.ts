import { describe, expect, test } from 'vitest'
import type { DepositClaim } from './paymasterDeposits.ts'
import { depositCovers, reservedDeposit } from './paymasterDeposits.ts'

const entryPoint = '0x00000000000000000000000000000000000000e0'
const paymaster = '0x00000000000000000000000000000000000000aa'
const claim = (fields: Partial<DepositClaim>): DepositClaim => ({
  hash: '0x01',
  entryPoint,
  paymaster,
  prefund: 10n,
  ...fields,
})

describe('reservedDeposit', () => {
  test('it adds the claims of one paymaster at one EntryPoint', () => {
    const claims = [
      claim({ hash: '0x01', prefund: 10n }),
      claim({ hash: '0x02', prefund: 5n }),
      claim({ hash: '0x03', entryPoint: '0x00000000000000000000000000000000000000e1' }),
      claim({ hash: '0x04', paymaster: '0x00000000000000000000000000000000000000bb' }),
      claim({ hash: '0x05', paymaster: undefined }),
    ]
    expect(reservedDeposit(claims, entryPoint, paymaster)).toBe(15n)
  })

  test('a replaced operation frees its claim', () => {
    const claims = [claim({ hash: '0x01' }), claim({ hash: '0x02' })]
    expect(reservedDeposit(claims, entryPoint, paymaster, '0x02')).toBe(10n)
  })
})

test.each([
  { deposit: 25n, covers: true },
  { deposit: 24n, covers: false },
])('[EREP-010] a deposit of $deposit for 15 reserved and 10 more: $covers', (row) => {
  expect(depositCovers(row.deposit, 15n, 10n)).toBe(row.covers)
})
