import type { Address } from 'viem'
import type { Policy } from '../policy/policy.ts'
import type { RateRule, RequestRate } from '../policy/rate/requestRate.ts'
import { takeRequest } from '../policy/rate/requestRate.ts'
import type { SlidingSum } from '../policy/rate/slidingSum.ts'
import type { Refusal } from '../policy/refusal.ts'
import { BoundedMap } from './boundedMap.ts'

/** Senders and keys whose requests are remembered: some 20 MB. */
const maxSubjects = 100_000

export type RequestRates = {
  /**
   * Rules `rate.user` and `rate.key`. The request counts when both allow it and `counts` is true.
   * @param now Unix seconds.
   */
  take(
    policy: Policy,
    who: { sender: Address; app: string },
    now: number,
    counts: boolean,
  ): Refusal | undefined
}

/** Remembers requests in memory: each instance counts for itself, and a restart begins anew. */
export function createRequestRates(): RequestRates {
  const sums = new BoundedMap<string, SlidingSum>(maxSubjects)
  return {
    take({ id, document: { rate = {} } }, { sender, app }, now, counts) {
      const limits: readonly (readonly [RateRule, RequestRate | undefined, string])[] = [
        ['rate.key', rate.key, app],
        ['rate.user', rate.user, sender.toLowerCase()],
      ]
      const taken: (readonly [string, SlidingSum])[] = []
      for (const [rule, limit, subject] of limits) {
        if (!limit) continue
        // A new version of the document may have another window, whose parts are others.
        const key = `${rule} ${limit.seconds} ${id} ${subject}`
        const { sum, refusal } = withSum(takeRequest(rule, limit, sums.get(key), now))
        if (refusal) return refusal
        if (sum) taken.push([key, sum])
      }
      if (counts) for (const [key, sum] of taken) sums.set(key, sum)
      return undefined
    },
  }
}

function withSum(result: ReturnType<typeof takeRequest>): {
  sum?: SlidingSum
  refusal?: Refusal | undefined
} {
  return result
}
