import type { Registry } from 'prom-client'

/** How the names of all metrics of this service begin. */
export const metricPrefix = 'fabstir_paymaster_'

/** Upper ends of the buckets for durations, in seconds. */
export const durationBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/** What every metric needs. */
export function metric(registry: Registry, name: string, help: string) {
  return { name: `${metricPrefix}${name}`, help, registers: [registry] }
}

/** Does work, and looks at how it went. */
export type Around<about> = <result>(about: about, work: () => Promise<result>) => Promise<result>

/** Milliseconds that never go back. */
export type Elapsed = () => number
