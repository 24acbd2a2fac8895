/** Requests a second in the long run, and how many may come at once. */
export type Rate = { perSecond: number; burst: number }

/** Takes `requests` of a key, or none and says how many milliseconds are missing; Infinity is never. */
export type RateLimits = (keyId: string, rate: Rate, requests: number) => number | undefined

/** What is left, in thousandths of a request: milliseconds refill whole numbers. */
type Level = { thousandths: number; at: number }

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
    const full = burst * 1_000
    const refilled = last ? last.thousandths + (at - last.at) * perSecond : full
    const missing = requests * 1_000 - Math.min(full, refilled)
    const taken = missing <= 0
    levels.delete(keyId)
    levels.set(keyId, { thousandths: taken ? -missing : Math.min(full, refilled), at })
    const [oldest] = levels.keys()
    if (levels.size > maxKeys && oldest !== undefined) levels.delete(oldest)
    if (taken) return undefined
    if (requests > burst) return Number.POSITIVE_INFINITY
    return Math.ceil(missing / perSecond)
  }
}
