import { metricsNamed } from '@fabstir/service'

/** How the names of all metrics of this bundler begin. */
export const metricPrefix = 'fabstir_bundler_'

/** What every metric needs. */
export const metric = metricsNamed(metricPrefix)

/** Distinct values that a label may take; whoever sends requests must not be able to make more. */
const MAX_VALUES = 200

/** Lets through short words, and so many of them; everything else is `other`. */
export function boundedLabel(): (value: unknown) => string {
  const seen = new Set<string>()
  return (value) => {
    if (typeof value !== 'string' || !/^[\w.-]{1,40}$/.test(value)) return 'other'
    if (!seen.has(value) && seen.size >= MAX_VALUES) return 'other'
    seen.add(value)
    return value
  }
}

export type Clock = {
  /** Unix milliseconds. */
  now: () => number
  /** Milliseconds that never go back. */
  elapsed: () => number
}
