import fc from 'fast-check'
import { expect, test } from 'vitest'
import { takeRequest } from './requestRate.ts'
import type { SlidingSum } from './slidingSum.ts'
import { add, emptySum, fallsTo, sumAt } from './slidingSum.ts'

/** Requests at these times: those that are allowed. */
function allowed(times: readonly number[], limit: { requests: number; seconds: number }) {
  let sum: SlidingSum | undefined
  return times.filter((now) => {
    const result = takeRequest('rate.user', limit, sum, now)
    sum = result.refusal ? sum : result.sum
    return !result.refusal
  })
}

const limits = fc.record({
  requests: fc.integer({ min: 1, max: 20 }),
  seconds: fc.integer({ min: 1, max: 300 }),
})
/** Steps between requests, in seconds with fractions. */
const steps = fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { maxLength: 120 })
const timesOf = (list: readonly number[]) => {
  let now = 1_700_000_000
  return list.map((step) => {
    now += step
    return now
  })
}

test('no window of the length ever holds more requests than the limit', () => {
  fc.assert(
    fc.property(limits, steps, (limit, list) => {
      const times = allowed(timesOf(list), limit)
      for (const [index, end] of times.entries()) {
        const within = times.slice(0, index + 1).filter((time) => time > end - limit.seconds)
        expect(within.length).toBeLessThanOrEqual(limit.requests)
      }
    }),
    { numRuns: 300 },
  )
})

test('a request is refused only when the limit was reached within a window and a sixteenth', () => {
  fc.assert(
    fc.property(limits, steps, (limit, list) => {
      const times = timesOf(list)
      const taken = allowed(times, limit)
      for (const time of times.filter((each) => !taken.includes(each))) {
        const within = taken.filter(
          (each) => each <= time && each >= time - limit.seconds * (17 / 16),
        )
        expect(within.length).toBe(limit.requests)
      }
    }),
    { numRuns: 300 },
  )
})

test('resetsAt is the first second in which a refused request is allowed', () => {
  fc.assert(
    fc.property(limits, steps, (limit, list) => {
      let sum: SlidingSum = emptySum
      for (const now of timesOf(list)) {
        const result = takeRequest('rate.key', limit, sum, now)
        if (!result.refusal) {
          sum = result.sum
          continue
        }
        const { resetsAt } = result.refusal
        if (typeof resetsAt !== 'number') throw new Error('it says no time')
        expect(resetsAt).toBeGreaterThan(now)
        expect(takeRequest('rate.key', limit, sum, resetsAt).refusal).toBeUndefined()
        const before = resetsAt - 1 - limit.seconds / 16
        if (before > now) expect(takeRequest('rate.key', limit, sum, before).refusal).toBeDefined()
      }
    }),
    { numRuns: 300 },
  )
})

test('a clock that goes back forgets nothing', () => {
  const sum = add(emptySum, 3, 160, 1_700_000_000)
  expect(sumAt(sum, 160, 1_699_000_000)).toBe(3)
  expect(sumAt(add(sum, 1, 160, 1_699_000_000), 160, 1_700_000_000)).toBe(4)
  expect(sumAt(sum, 160, 1_700_000_000 + 171)).toBe(0)
  expect(fallsTo(sum, 3, 160, 1_700_000_000)).toBe(1_700_000_000)
})
