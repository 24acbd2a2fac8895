import { DurationError } from '../errors/duration.ts'

/** Seconds, or a whole number with a unit: `'90s'`, `'10m'`, `'24h'`, `'7d'`. */
export type Duration = number | `${number}${'s' | 'm' | 'h' | 'd'}`

const secondsOf = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/**
 * Seconds of a duration.
 * @throws {DurationError} When it is not a positive whole number of seconds.
 * @example
 * toSeconds('24h') // 86400
 */
export function toSeconds(duration: Duration): number {
  const seconds = typeof duration === 'number' ? duration : parse(duration)
  if (!Number.isSafeInteger(seconds) || seconds <= 0) throw new DurationError({ duration })
  return seconds
}

function parse(duration: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration) ?? []
  if (!count || !unit) return Number.NaN
  return Number(count) * secondsOf[unit as keyof typeof secondsOf]
}
