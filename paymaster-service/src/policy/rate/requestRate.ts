import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { SlidingSum } from './slidingSum.ts'
import { add, emptySum, fallsTo, sumAt } from './slidingSum.ts'

export type RequestRate = {
  requests: number
  /** Length of the sliding window. */
  seconds: number
}

export type RateRule = 'rate.user' | 'rate.key'

/**
 * Rules `rate.user` and `rate.key`: at most so many requests in any window of so many seconds.
 * @param now Unix seconds, with fractions.
 * @returns The requests with this one, where it may be made.
 */
export function takeRequest(
  rule: RateRule,
  { requests, seconds }: RequestRate,
  before: SlidingSum = emptySum,
  now: number,
): { sum: SlidingSum; refusal?: undefined } | { refusal: Refusal } {
  if (sumAt(before, seconds, now) < requests) return { sum: add(before, 1, seconds, now) }
  const refusal = refuse(rule, `${requests} requests in ${seconds} seconds have been made`)
  return {
    refusal: { ...refusal, remaining: 0n, resetsAt: fallsTo(before, requests - 1, seconds, now) },
  }
}
