import type { RateRule, RequestRate } from '../policy/rate/requestRate.ts'
import { takeRequest } from '../policy/rate/requestRate.ts'
import type { SlidingSum } from '../policy/rate/slidingSum.ts'
import type { Refusal } from '../policy/refusal.ts'
import { BoundedMap } from './boundedMap.ts'

/** Senders and keys whose requests are remembered: some 20 MB. */
const maxSubjects = 100_000

/** A rate and whose requests it bounds. */
export type CountedRate = { rule: RateRule; rate: RequestRate; subject: string }

/**
 * The first rate that has no room; when all have, the requests are counted for each.
 * @param options.now Seconds, with fractions.
 * @param options.requests Requests that come at once. Default 1.
 * @param options.counts Whether they are made or only asked about. Default made.
 */
export type RequestCounter = (
  rates: readonly CountedRate[],
  options: { now: number; requests?: number; counts?: boolean },
) => Refusal | undefined

/** Remembers requests in memory: each instance counts for itself, and a restart begins anew. */
export function createRequestCounter(): RequestCounter {
  const sums = new BoundedMap<string, SlidingSum>(maxSubjects)
  return (rates, { now, requests = 1, counts = true }) => {
    const taken: (readonly [string, SlidingSum])[] = []
    for (const { rule, rate, subject } of rates) {
      // A new version of a document may have another window, whose parts are others.
      const name = `${rule} ${rate.seconds} ${subject}`
      const result = takeRequest(rule, rate, sums.get(name), now, requests)
      if (result.refusal) return result.refusal
      taken.push([name, result.sum])
    }
    if (counts) for (const [name, sum] of taken) sums.set(name, sum)
    return undefined
  }
}
