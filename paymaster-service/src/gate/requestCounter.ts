import { BoundedMap } from '@fabstir/service/collections'
import type { RateRule, RequestRate } from '../policy/rate/requestRate.ts'
import { takeRequest } from '../policy/rate/requestRate.ts'
import type { SlidingSum } from '../policy/rate/slidingSum.ts'
import type { Refusal } from '../policy/refusal.ts'

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
) => Promise<Refusal | undefined>

/** Remembers requests in memory, for a service that has its store alone: a restart begins anew. */
export function createRequestCounter(): RequestCounter {
  const sums = new BoundedMap<string, SlidingSum>(maxSubjects)
  return async (rates, { now, requests = 1, counts = true }) => {
    const { taken, refusal } = takeAll(rates, (name) => sums.get(name), now, requests)
    if (counts) for (const { name, sum } of taken) sums.set(name, sum)
    return refusal
  }
}

/** What the requests of a rate are counted under. A new version of a document may have another window, whose parts are others. */
export function rateName({ rule, rate, subject }: CountedRate): string {
  return `${rule} ${rate.seconds} ${subject}`
}

/** The sums with the requests, where every rate has room for them; else the refusal of the first that has not. */
export function takeAll(
  rates: readonly CountedRate[],
  sumOf: (name: string) => SlidingSum | undefined,
  now: number,
  requests: number,
): { taken: { name: string; rate: RequestRate; sum: SlidingSum }[]; refusal?: Refusal } {
  const taken = []
  for (const counted of rates) {
    const { rule, rate } = counted
    const name = rateName(counted)
    const result = takeRequest(rule, rate, sumOf(name), now, requests)
    if (result.refusal) return { taken: [], refusal: result.refusal }
    taken.push({ name, rate, sum: result.sum })
  }
  return { taken }
}
