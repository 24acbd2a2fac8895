import type { Registry } from 'prom-client'
import { Counter, Histogram } from 'prom-client'
import { rpcErrorCode } from '../../types/rpcError.ts'
import type { Around } from '../around/around.ts'
import type { Clock } from './metric.ts'
import { durationBuckets, metric } from './metric.ts'

/**
 * JSON-RPC requests to this bundler.
 * @param codeOf JSON-RPC error code that the client sees.
 */
export function rpcMetrics(
  registry: Registry,
  { elapsed }: Clock,
  codeOf: (error: unknown) => number,
): Around<{ method: string }> {
  const seconds = new Histogram({
    ...metric(registry, 'rpc_request_seconds', 'Time from a JSON-RPC request to its answer'),
    labelNames: ['method'],
    buckets: durationBuckets,
  })
  const requests = new Counter({
    ...metric(
      registry,
      'rpc_requests_total',
      'JSON-RPC requests by error code, `ok` without error; methods that do not exist are `unknown`',
    ),
    labelNames: ['method', 'code'],
  })

  return async ({ method }, work) => {
    const startedAt = elapsed()
    let code = 'ok'
    try {
      return await work()
    } catch (error) {
      code = String(codeOf(error))
      throw error
    } finally {
      // The names of methods that exist are the only ones that may become labels.
      const label = code === String(rpcErrorCode.methodNotFound) ? 'unknown' : method
      seconds.observe({ method: label }, (elapsed() - startedAt) / 1_000)
      requests.inc({ method: label, code })
    }
  }
}
