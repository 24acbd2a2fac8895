import type { Registry } from 'prom-client'

/** Upper ends of the buckets for durations, in seconds. */
export const durationBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/** What every metric needs. */
export type MetricFactory = (
  registry: Registry,
  name: string,
  help: string,
) => { name: string; help: string; registers: [Registry] }

/** Metrics of one service: all their names begin with `prefix`. */
export function metricsNamed(prefix: string): MetricFactory {
  return (registry, name, help) => ({ name: `${prefix}${name}`, help, registers: [registry] })
}

/** Does something around a piece of work, and returns or throws what the work does. */
export type Around<About> = <Result>(about: About, work: () => Promise<Result>) => Promise<Result>

/** Milliseconds that never go back. */
export type Elapsed = () => number
