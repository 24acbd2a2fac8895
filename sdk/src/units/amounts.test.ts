import { describe, expect, test } from 'vitest'
import { AmountError } from '../errors/amount.ts'
import { eth, fab, usdc } from './amounts.ts'

describe('amounts', () => {
  test.each([
    { amount: fab(1000), value: 1000n * 10n ** 18n },
    { amount: fab('0.000000000000000001'), value: 1n },
    { amount: usdc(5), value: 5_000_000n },
    { amount: usdc('0.0002'), value: 200n },
    { amount: usdc('1.100000000'), value: 1_100_000n },
    { amount: eth('0.01'), value: 10n ** 16n },
    { amount: eth(0), value: 0n },
  ])('$amount.token: $value', ({ amount, value }) => {
    expect(amount.value).toBe(value)
  })

  test.each(['0.0000001', '-1', '1e3', '', '1,5', ' 1', '0x10', '.5', '5.'])(
    'USDC of "%s" is refused, not rounded',
    (text) => {
      expect(() => usdc(text)).toThrow(AmountError)
    },
  )

  test('a number that prints with an exponent is refused', () => {
    expect(() => eth(1e-7)).toThrow(AmountError)
  })
})
