import type { Registry } from 'prom-client'
import { Counter, Histogram } from 'prom-client'
import type { Around, Elapsed } from './metric.ts'
import { durationBuckets, metric } from './metric.ts'

/** Seconds and failures of one kind of work at an edge of the service. */
export function edgeMetrics(
  registry: Registry,
  elapsed: Elapsed,
  { name, help, label }: { name: string; help: string; label: string },
): Around<string> {
  const seconds = new Histogram({
    ...metric(registry, `${name}_seconds`, `Time of ${help}`),
    labelNames: [label],
    buckets: durationBuckets,
  })
  const failures = new Counter({
    ...metric(registry, `${name}_failures_total`, `Failures of ${help}`),
    labelNames: [label],
  })
  return async (about, work) => {
    const startedAt = elapsed()
    try {
      return await work()
    } catch (error) {
      failures.inc({ [label]: about })
      throw error
    } finally {
      seconds.observe({ [label]: about }, (elapsed() - startedAt) / 1_000)
    }
  }
}

/**
 * JSON-RPC requests.
 * @param codeOf JSON-RPC error code that the client sees.
 */
export function rpcMetrics(
  registry: Registry,
  elapsed: Elapsed,
  codeOf: (error: unknown) => number,
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
      'JSON-RPC requests to methods that exist by error code, `ok` without error',
    ),
    labelNames: ['method', 'code'],
  })
  return async (method, work) => {
    const startedAt = elapsed()
    let code = 'ok'
    try {
      return await work()
    } catch (error) {
      code = String(codeOf(error))
      throw error
    } finally {
      seconds.observe({ method }, (elapsed() - startedAt) / 1_000)
      requests.inc({ method, code })
    }
  }
}
