import type { Registry } from 'prom-client'
import { Counter, Histogram } from 'prom-client'
import type { Around } from '../around/around.ts'
import type { Clock } from './metric.ts'
import { durationBuckets, metric } from './metric.ts'

/** Traces of validations for the rules of ERC-7562, by who made them. */
export function traceMetrics(registry: Registry, { elapsed }: Clock): Around<{ source: string }> {
  const seconds = new Histogram({
    ...metric(registry, 'trace_seconds', 'Time to trace a validation'),
    labelNames: ['source'],
    buckets: durationBuckets,
  })
  const failures = new Counter({
    ...metric(registry, 'trace_failures_total', 'Validations that could not be traced'),
    labelNames: ['source'],
  })

  return async ({ source }, work) => {
    const startedAt = elapsed()
    try {
      return await work()
    } catch (error) {
      failures.inc({ source })
      throw error
    } finally {
      seconds.observe({ source }, (elapsed() - startedAt) / 1_000)
    }
  }
}
