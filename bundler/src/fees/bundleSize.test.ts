import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBundleSizes, expectedBundleSize } from './bundleSize.ts'

const policy = { maxBundleSize: 8n, recentBundles: 4 }

describe('expectedBundleSize', () => {
  test.each([
    { recent: [], size: 1n },
    { recent: [9, 9, 9], size: 1n },
    { recent: [5, 5, 5, 5], size: 5n },
    // One of four was smaller, so one in four may be.
    { recent: [1, 5, 6, 7], size: 5n },
    { recent: [1, 2, 6, 7], size: 2n },
    { recent: [50, 50, 50, 50], size: 8n },
    // The newest count.
    { recent: [50, 50, 50, 50, 2, 2, 2, 2], size: 2n },
    { recent: [0, 0, 0, 0], size: 1n },
  ])('$recent: $size', ({ recent, size }) => {
    expect(expectedBundleSize(recent, policy)).toBe(size)
  })

  test('three of four recent bundles are at least as large', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 4, maxLength: 40 })
    fc.assert(
      fc.property(sizes, (recent) => {
        const size = Number(expectedBundleSize(recent, policy))
        const large = recent.slice(-4).filter((one) => one >= size)
        expect(large.length).toBeGreaterThanOrEqual(3)
      }),
    )
  })
})

describe('createBundleSizes', () => {
  test('what was offered is still accepted for a while when bundles become smaller', () => {
    let time = 0
    const sizes = createBundleSizes({ policy, standingMs: 1_000, now: () => time })
    const note = (...bundles: number[]) => {
      for (const operations of bundles) sizes.note(operations)
    }
    note(6, 6, 6, 6)
    expect([sizes.offered(), sizes.demanded()]).toEqual([6n, 6n])
    time = 5_000
    note(1, 1)
    expect([sizes.offered(), sizes.demanded()]).toEqual([1n, 6n])
    time = 6_000
    expect(sizes.demanded()).toBe(6n)
    time = 6_001
    expect(sizes.demanded()).toBe(1n)
  })

  test('whatever bundles are sent, an estimate is accepted while it stands', () => {
    const step = fc.record({ after: fc.nat(700), size: fc.integer({ min: 1, max: 20 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let time = 0
        const sizes = createBundleSizes({ policy, standingMs: 1_000, now: () => time })
        const offers: { at: number; size: bigint }[] = []
        for (const { after, size } of steps) {
          time += after
          offers.push({ at: time, size: sizes.offered() })
          sizes.note(size)
          for (const offer of offers)
            if (offer.at >= time - 1_000)
              expect(sizes.demanded()).toBeGreaterThanOrEqual(offer.size)
        }
      }),
    )
  })
})
