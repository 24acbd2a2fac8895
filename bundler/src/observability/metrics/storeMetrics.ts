import type { Around } from '@fabstir/service'
import type { Registry } from 'prom-client'
import { Counter, Histogram } from 'prom-client'
import type { StoreChange } from '../../store/store.ts'
import type { Clock } from './metric.ts'
import { metric } from './metric.ts'

/** Upper ends of the buckets for commits, in seconds. */
const commitBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1]

/**
 * Commits of the journal.
 * @param journaled Told what is durable; what it throws goes to `onFault`, because the commit stands.
 */
export function storeMetrics(
  registry: Registry,
  { elapsed }: Clock,
  journaled: (changes: readonly StoreChange[]) => void,
  onFault: (error: unknown) => void,
): Around<readonly StoreChange[]> {
  const seconds = new Histogram({
    ...metric(registry, 'store_commit_seconds', 'Time until changes are durable'),
    buckets: commitBuckets,
  })
  const failures = new Counter(
    metric(registry, 'store_commit_failures_total', 'Commits that failed; nothing of them applies'),
  )

  return async (changes, work) => {
    const startedAt = elapsed()
    const result = await work().catch((error: unknown) => {
      failures.inc()
      throw error
    })
    try {
      seconds.observe((elapsed() - startedAt) / 1_000)
      journaled(changes)
    } catch (error) {
      onFault(error)
    }
    return result
  }
}
