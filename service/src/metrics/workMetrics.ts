import type { Registry } from 'prom-client'
import { Counter, Histogram } from 'prom-client'
import type { Around, Elapsed, MetricFactory } from './metric.ts'
import { durationBuckets } from './metric.ts'

export type WorkMetricsOptions = { registry: Registry; metric: MetricFactory; elapsed: Elapsed }

/** Seconds and failures of one kind of work, by one label. */
export function failureMetrics(
  { registry, metric, elapsed }: WorkMetricsOptions,
  work: { name: string; secondsHelp: string; failuresHelp: string; label: string },
): Around<string> {
  const { name, label } = work
  const seconds = new Histogram({
    ...metric(registry, `${name}_seconds`, work.secondsHelp),
    labelNames: [label],
    buckets: durationBuckets,
  })
  const failures = new Counter({
    ...metric(registry, `${name}_failures_total`, work.failuresHelp),
    labelNames: [label],
  })
  return async (about, run) => {
    const startedAt = elapsed()
    try {
      return await run()
    } catch (error) {
      failures.inc({ [label]: about })
      throw error
    } finally {
      seconds.observe({ [label]: about }, (elapsed() - startedAt) / 1_000)
    }
  }
}

/**
 * JSON-RPC requests, by method.
 * @param codeOf JSON-RPC error code that the client sees.
 * @param unknownCode The code of methods that do not exist, where requests to them come here, too: whoever sends
 * requests must not be able to make labels.
 */
export function requestMetrics(
  { registry, metric, elapsed }: WorkMetricsOptions,
  { codeOf, unknownCode }: { codeOf: (error: unknown) => number; unknownCode?: number },
): Around<string> {
  const seconds = new Histogram({
    ...metric(registry, 'rpc_request_seconds', 'Time from a JSON-RPC request to its answer'),
    labelNames: ['method'],
    buckets: durationBuckets,
  })
  const requests = new Counter({
    ...metric(
      registry,
      'rpc_requests_total',
      unknownCode === undefined
        ? 'JSON-RPC requests to methods that exist by error code, `ok` without error'
        : 'JSON-RPC requests by error code, `ok` without error; methods that do not exist are `unknown`',
    ),
    labelNames: ['method', 'code'],
  })
  return async (name, work) => {
    const startedAt = elapsed()
    let code: number | undefined
    try {
      return await work()
    } catch (error) {
      code = codeOf(error)
      throw error
    } finally {
      const method = code !== undefined && code === unknownCode ? 'unknown' : name
      seconds.observe({ method }, (elapsed() - startedAt) / 1_000)
      requests.inc({ method, code: code === undefined ? 'ok' : String(code) })
    }
  }
}
