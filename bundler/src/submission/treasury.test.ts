import { describe, expect, test } from 'vitest'
import { testAddress } from '../testing/pooledOperation.ts'
import { nextRefill, TRANSFER_GAS } from './treasury.ts'

const policy = { below: 100n, upTo: 500n }
const [first, second, third] = [testAddress(1), testAddress(2), testAddress(3)]
const fee = TRANSFER_GAS * 2n

describe('nextRefill', () => {
  test('the poorest below the threshold, up to the target', () => {
    const balances = new Map([
      [first, 99n],
      [second, 3n],
      [third, 100n],
    ])
    expect(nextRefill(balances, policy, { treasury: 10n ** 9n, maxFeePerGas: 2n })).toEqual({
      to: second,
      amount: 497n,
    })
  })

  test.each([
    { treasury: fee + 100n, amount: 100n },
    { treasury: fee + 99n, amount: undefined },
    { treasury: 0n, amount: undefined },
  ])('a treasury of $treasury gives $amount', ({ treasury, amount }) => {
    const refill = nextRefill(new Map([[first, 0n]]), policy, { treasury, maxFeePerGas: 2n })
    expect(refill?.amount).toBe(amount)
  })

  test('nobody below the threshold: nothing', () => {
    const balances = new Map([[first, 100n]])
    expect(nextRefill(balances, policy, { treasury: 10n ** 9n, maxFeePerGas: 2n })).toBeUndefined()
  })
})
