import type { Around } from '@fabstir/service'
import { durationBuckets } from '@fabstir/service'
import type { Registry } from 'prom-client'
import { Counter, Gauge, Histogram } from 'prom-client'
import { isRevert } from '../../chain/callOver.ts'
import { isNodeUnavailable } from '../../chain/httpChainReader.ts'
import { ChainError } from '../../chain/reader.ts'
import type { NodeCall } from '../around/aroundReader.ts'
import { methodOf } from '../around/aroundReader.ts'
import type { Clock } from './metric.ts'
import { metric } from './metric.ts'

/** Requests to the node, and the newest block that it told of. */
export function nodeMetrics(registry: Registry, { elapsed }: Clock): Around<NodeCall> {
  const seconds = new Histogram({
    ...metric(
      registry,
      'node_request_seconds',
      'Time to the answer of the node; `batch` for several requests in one',
    ),
    labelNames: ['method'],
    buckets: durationBuckets,
  })
  const requests = new Counter({
    ...metric(
      registry,
      'node_requests_total',
      'Requests to the node: ok (also reverted calls), error (an error object), unavailable (no answer)',
    ),
    labelNames: ['method', 'outcome'],
  })
  const newest = new Gauge(
    metric(registry, 'node_head_block', 'Number of the newest block that the node told of'),
  )

  function count({ requests: sent }: NodeCall, results: readonly unknown[]) {
    for (const [index, { method, params }] of sent.entries()) {
      const result = results[index]
      const isError = result instanceof ChainError && !(method === 'eth_call' && isRevert(result))
      requests.inc({ method, outcome: isError ? 'error' : 'ok' })
      if (method !== 'eth_getBlockByNumber' || params?.[0] !== 'latest') continue
      const number = blockNumber(result)
      if (number !== undefined) newest.set(number)
    }
  }

  return async (call, work) => {
    const startedAt = elapsed()
    try {
      const result = await work()
      count(call, call.isBatch && Array.isArray(result) ? result : [result])
      return result
    } catch (error) {
      const outcome = isNodeUnavailable(error) ? 'unavailable' : 'error'
      for (const { method } of call.requests) requests.inc({ method, outcome })
      throw error
    } finally {
      seconds.observe({ method: methodOf(call) }, (elapsed() - startedAt) / 1_000)
    }
  }
}

function blockNumber(block: unknown): number | undefined {
  if (typeof block !== 'object' || block === null || !('number' in block)) return undefined
  return Number(block.number)
}
