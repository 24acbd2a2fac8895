import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { microUsdOf, priceAt } from './price.ts'

describe('priceAt', () => {
  const updatedAt = 1_000_000
  const price = { microUsdPerEther: 2_500_000_000n, updatedAt }

  test.each([
    { age: 600, kind: 'fresh' },
    { age: 601, kind: 'stale' },
    { age: -300, kind: 'fresh' },
    { age: -301, kind: 'stale' },
  ])('at most 600 s: $age s old is $kind', ({ age, kind }) => {
    expect(priceAt(price, updatedAt + age, 600).kind).toBe(kind)
  })

  test('no price, 0 and less are none', () => {
    expect(priceAt(undefined, 0, 600)).toEqual({
      kind: 'stale',
      reason: 'there is no price of ether',
    })
    for (const microUsdPerEther of [0n, -1n])
      expect(priceAt({ microUsdPerEther, updatedAt }, updatedAt, 600).kind).toBe('stale')
  })

  test('the reason has the numbers', () => {
    expect(priceAt(price, updatedAt + 601, 600)).toEqual({
      kind: 'stale',
      reason: 'the price of ether is 601 s old, 600 s are allowed',
    })
  })
})

describe('microUsdOf', () => {
  test.each([
    { wei: 0n, price: 2_500_000_000n, microUsd: 0n },
    { wei: 1n, price: 2_500_000_000n, microUsd: 1n },
    { wei: 400_000_000n, price: 2_500_000_000n, microUsd: 1n },
    { wei: 400_000_001n, price: 2_500_000_000n, microUsd: 2n },
    { wei: 10n ** 18n, price: 2_500_000_000n, microUsd: 2_500_000_000n },
  ])('$wei wei at $price are $microUsd micro-USD, rounded up', ({ wei, price, microUsd }) => {
    expect(microUsdOf(wei, price)).toBe(microUsd)
  })

  test('what is charged is never worth more than what was reserved for it', () => {
    const amounts = fc.tuple(fc.bigInt(0n, 2n ** 128n), fc.bigInt(0n, 2n ** 128n))
    fc.assert(
      fc.property(amounts, fc.bigInt(1n, 10n ** 14n), ([a, b], price) => {
        const [cost, amount] = a < b ? [a, b] : [b, a]
        expect(microUsdOf(cost, price)).toBeLessThanOrEqual(microUsdOf(amount, price))
      }),
    )
  })
})
