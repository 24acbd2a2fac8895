import type { Registry } from 'prom-client'

/** How the names of all metrics of this bundler begin. */
export const metricPrefix = 'fabstir_bundler_'

/** Upper ends of the buckets for durations, in seconds. */
export const durationBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/** What every metric needs. */
export function metric(registry: Registry, name: string, help: string) {
  return { name: `${metricPrefix}${name}`, help, registers: [registry] }
}

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
