/** Deliveries are tried this often, over 11 to 24 hours. */
export const maxAttempts = 16

const firstDelay = 5
const longestDelay = 6 * 3_600

/**
 * Seconds until the next attempt after `attempts` that failed; `undefined` when there is none.
 * Doubles from 5 s to 6 h, of which the second half is random, so that what failed together does
 * not come back together.
 * @param random From 0 up to, but not, 1.
 */
export function retryDelay(attempts: number, random: number): number | undefined {
  if (attempts >= maxAttempts) return undefined
  const delay = Math.min(longestDelay, firstDelay * 2 ** (attempts - 1))
  return Math.ceil(delay / 2 + (delay / 2) * random)
}
