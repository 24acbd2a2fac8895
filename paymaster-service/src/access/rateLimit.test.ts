import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRateLimits } from './rateLimit.ts'

describe('createRateLimits', () => {
  test('a burst at once, then as the rate allows, and the wait is said', () => {
    let now = 0
    const charge = createRateLimits(() => now)
    const rate = { perSecond: 2, burst: 3 }
    expect(charge('a', rate, 3)).toBeUndefined()
    expect(charge('a', rate, 1)).toBe(500)
    now = 499
    expect(charge('a', rate, 1)).toBe(1)
    now = 500
    expect(charge('a', rate, 1)).toBeUndefined()
    expect(charge('b', rate, 3)).toBeUndefined()
  })

  test('more than a burst never passes, and takes nothing', () => {
    const charge = createRateLimits(() => 0)
    expect(charge('a', { perSecond: 1, burst: 3 }, 4)).toBe(Number.POSITIVE_INFINITY)
    expect(charge('a', { perSecond: 1, burst: 3 }, 3)).toBeUndefined()
  })

  test('in any time no more than burst + rate × seconds passes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.record({ wait: fc.nat(2_000), requests: fc.integer({ min: 1, max: 5 }) })),
        (perSecond, burst, steps) => {
          let now = 0
          let passed = 0
          const charge = createRateLimits(() => now)
          for (const { wait, requests } of steps) {
            now += wait
            if (charge('a', { perSecond, burst }, requests) === undefined) passed += requests
            expect(passed).toBeLessThanOrEqual(burst + (now * perSecond) / 1_000 + 1e-6)
          }
        },
      ),
    )
  })
})
