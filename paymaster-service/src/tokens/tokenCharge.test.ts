import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chargeOf,
  crossPrice,
  entryPointGas,
  maxChargeOf,
  quotedRate,
  rateOf,
} from './tokenCharge.ts'

describe('prices', () => {
  test.each([
    // 2,500 dollars at one dollar: 2,500 USDC for an ether.
    { ether: 2_500_000_000n, token: 1_000_000n, decimals: 6, price: 2_500_000_000n },
    // FAB at 3 cents, with 18 decimals, rounded up.
    { ether: 2_500_000_000n, token: 30_000n, decimals: 18, price: 83_333_333333333333333334n },
  ])('$ether by $token with $decimals decimals is $price', ({ ether, token, decimals, price }) => {
    expect(crossPrice(ether, token, decimals)).toBe(price)
  })

  test('the markup is rounded up', () => {
    expect(rateOf(2_500_000_001n, 500n)).toBe(2_625_000_002n)
    expect(rateOf(2_500_000_000n, 0n)).toBe(2_500_000_000n)
  })

  test('the charge covers the prefund and the work of the EntryPoint, rounded up', () => {
    expect(chargeOf(10n ** 15n, 10n ** 9n, 2_500_000_000n)).toBe(2_512_500n)
    expect(chargeOf(1n, 0n, 1n)).toBe(1n)
  })
})

test('an approval reckoned with the quoted rate covers the charge of a hundred units or more', () => {
  const wei = fc.bigInt({ min: 1n, max: 10n ** 20n })
  fc.assert(
    fc.property(
      wei,
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      fc.bigInt({ min: 1n, max: 10n ** 30n }),
      (prefund, fee, rate) => {
        const charge = chargeOf(prefund, fee, rate)
        fc.pre(charge >= 100n)
        // As permissionless does it, rounded down.
        const approval = ((prefund + entryPointGas * fee) * quotedRate(rate)) / 10n ** 18n
        expect(approval).toBeGreaterThanOrEqual(charge)
        expect(maxChargeOf(charge)).toBeGreaterThan(charge)
      },
    ),
  )
})
