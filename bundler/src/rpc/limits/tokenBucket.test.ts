import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fullBucket, take } from './tokenBucket.ts'

const rate = { perSecond: 10, burst: 5 }

describe('take', () => {
  test.each([
    { cost: 5, left: 0 },
    { cost: 1, left: 4 },
    { cost: 0, left: 5 },
  ])('a full bucket of 5 pays $cost and keeps $left', ({ cost, left }) => {
    expect(take(fullBucket(rate, 100), rate, cost, 100)).toEqual({
      bucket: { thousandths: left * 1_000, at: 100 },
    })
  })

  test('what is missing is said in milliseconds, and nothing is taken', () => {
    const empty = { thousandths: 0, at: 100 }
    expect(take(empty, rate, 1, 100)).toEqual({ bucket: empty, waitMs: 100 })
    expect(take(empty, rate, 1, 199)).toMatchObject({ waitMs: 1 })
    expect(take(empty, rate, 1, 200)).toEqual({ bucket: { thousandths: 0, at: 200 } })
  })

  test('more than a burst is never served', () => {
    expect(take(fullBucket(rate, 0), rate, 6, 1e9).waitMs).toBe(Number.POSITIVE_INFINITY)
  })

  test('a clock that goes back refills nothing', () => {
    const { bucket, waitMs } = take({ thousandths: 0, at: 1_000 }, rate, 1, 0)
    expect(bucket).toEqual({ thousandths: 0, at: 1_000 })
    expect(waitMs).toBe(100)
  })

  test('whatever comes, no more is served than burst and rate allow', () => {
    const step = fc.record({ wait: fc.nat(3_000), cost: fc.nat(7) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let [now, served] = [0, 0]
        let bucket = fullBucket(rate, now)
        for (const { wait, cost } of steps) {
          now += wait
          const taken = take(bucket, rate, cost, now)
          bucket = taken.bucket
          if (taken.waitMs === undefined) served += cost
          // Who waits as long as told is served.
          else if (Number.isFinite(taken.waitMs)) {
            expect(take(bucket, rate, cost, now + taken.waitMs).waitMs).toBeUndefined()
          }
        }
        expect(served).toBeLessThanOrEqual(rate.burst + (now * rate.perSecond) / 1_000)
      }),
    )
  })
})
