/** Requests a second in the long run, and how many may come at once. */
export type Rate = { perSecond: number; burst: number }

/** Takes `requests` of a key, or none and says how many milliseconds are missing; Infinity is never. */
export type RateLimits = (keyId: string, rate: Rate, requests: number) => number | undefined

type Level = { requests: number; at: number }

/** Keys whose level is kept. A forgotten one starts full again, so the one seen longest ago goes first. */
const maxKeys = 10_000

/**
 * Counts requests by key in this process: n instances together let n times the rate through.
 * @param now Milliseconds of a clock that never goes back.
 */
export function createRateLimits(now: () => number): RateLimits {
  const levels = new Map<string, Level>()
  return (keyId, { perSecond, burst }, requests) => {
    const at = now()
    const last = levels.get(keyId)
    const refilled = last ? last.requests + ((at - last.at) * perSecond) / 1_000 : burst
    const available = Math.min(burst, refilled)
    const taken = requests <= available
    levels.delete(keyId)
    levels.set(keyId, { requests: taken ? available - requests : available, at })
    const [oldest] = levels.keys()
    if (levels.size > maxKeys && oldest !== undefined) levels.delete(oldest)
    if (taken) return undefined
    if (requests > burst) return Number.POSITIVE_INFINITY
    return Math.ceil(((requests - available) * 1_000) / perSecond)
  }
}
