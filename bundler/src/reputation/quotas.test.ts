import { describe, expect, test } from 'vitest'
import { testAddress } from '../testing/pooledOperation.ts'
import type { OperationEntity } from './blame.ts'
import type { Standing } from './quotas.ts'
import { quotasOf } from './quotas.ts'

const unknown: Standing = {
  status: 'ok',
  counts: { opsSeen: 0n, opsIncluded: 0n },
  trusted: false,
}
const quota = (role: OperationEntity['role'], staked: boolean, standing: Partial<Standing> = {}) =>
  quotasOf([{ role, address: testAddress(1), staked }], () => ({ ...unknown, ...standing }), 4)

describe('quotasOf', () => {
  test.each([
    { role: 'account', staked: false, expected: { rule: 'UREP-010', limit: 4 } },
    { role: 'paymaster', staked: false, expected: { rule: 'UREP-020', limit: 10 } },
    { role: 'factory', staked: false, expected: undefined },
    { role: 'account', staked: true, expected: undefined },
    { role: 'paymaster', staked: true, expected: undefined },
    { role: 'factory', staked: true, expected: undefined },
  ] as const)('$role, staked $staked, without a past: $expected', ({ role, staked, expected }) => {
    expect(quota(role, staked)).toMatchObject(expected ? [expected] : [])
  })

  test('[GREP-020] a stake does not help who is throttled', () => {
    const throttled = { status: 'throttled' } as const
    for (const staked of [true, false]) {
      expect(quota('paymaster', staked, throttled)).toMatchObject([{ rule: 'GREP-020', limit: 4 }])
    }
  })

  test('[UREP-020] a good past allows a paymaster more', () => {
    const counts = { opsSeen: 100n, opsIncluded: 90n }
    expect(quota('paymaster', false, { counts })).toMatchObject([{ limit: 91 }])
  })

  test('a trusted entity has no limit', () => {
    expect(quota('paymaster', false, { trusted: true, status: 'banned' })).toEqual([])
  })
})
