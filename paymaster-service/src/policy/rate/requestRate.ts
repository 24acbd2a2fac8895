import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { SlidingSum } from './slidingSum.ts'
import { add, emptySum, fallsTo, sumAt } from './slidingSum.ts'

export type RequestRate = {
  requests: number
  /** Length of the sliding window. */
  seconds: number
}

/** Rates of a policy for a sender and for a key, and the rate that a key has by itself. */
export type RateRule = 'rate.user' | 'rate.key' | 'key.rate'

/**
 * At most so many requests in any window of so many seconds.
 * @param now Seconds, with fractions.
 * @param more Requests that come at once: all of them are taken, or none.
 * @returns The requests with these, where they may be made. More than a window has are never.
 */
export function takeRequest(
  rule: RateRule,
  { requests, seconds }: RequestRate,
  before: SlidingSum = emptySum,
  now: number,
  more = 1,
): { sum: SlidingSum; refusal?: undefined } | { refusal: Refusal } {
  const made = sumAt(before, seconds, now)
  if (made + more <= requests) return { sum: add(before, more, seconds, now) }
  const refusal = refuse(
    rule,
    `${made} of ${requests} requests in ${seconds} seconds have been made, and ${more} more came`,
  )
  const resetsAt = more > requests ? null : fallsTo(before, requests - more, seconds, now)
  return { refusal: { ...refusal, remaining: BigInt(requests - made), resetsAt } }
}
