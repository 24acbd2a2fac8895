import type { Registry } from 'prom-client'
import { Counter, Histogram } from 'prom-client'
import type { Hex } from 'viem'
import type { StoreChange } from '../../store/store.ts'
import { RpcError } from '../../types/rpcError.ts'
import type { Clock } from './metric.ts'
import { boundedLabel, metric } from './metric.ts'

/** Upper ends of the buckets for the time from admission to block, in seconds. */
const inclusionBuckets = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 900]

export type OperationMetrics = {
  /** Changes that are durable now. */
  journaled(changes: readonly StoreChange[]): void
  /** An operation was not admitted. */
  rejected(error: unknown): void
  /** Pending operations were forgotten without a change each. */
  cleared(): void
}

/** What becomes of operations, as the journal records it. */
export function operationMetrics(registry: Registry, { now }: Clock): OperationMetrics {
  const admitted = new Counter({
    ...metric(registry, 'operations_admitted_total', 'Operations that were accepted'),
    labelNames: ['entry_point'],
  })
  const rejected = new Counter({
    ...metric(registry, 'operations_rejected_total', 'Operations that were refused, by rule'),
    labelNames: ['rule', 'code'],
  })
  const dropped = new Counter({
    ...metric(
      registry,
      'operations_dropped_total',
      'Accepted operations that left the pool without being included, by rule',
    ),
    labelNames: ['rule'],
  })
  const included = new Counter({
    ...metric(registry, 'operations_included_total', 'Operations that reached the chain'),
    labelNames: ['success'],
  })
  const reorged = new Counter(
    metric(registry, 'operations_reorged_total', 'Inclusions that a reorg undid'),
  )
  const inclusion = new Histogram({
    ...metric(registry, 'operation_inclusion_seconds', 'Time from admission to the settled block'),
    buckets: inclusionBuckets,
  })
  const ruleLabel = boundedLabel()
  /** Unix milliseconds of admission, of pending operations. */
  const addedAt = new Map<Hex, number>()

  function drop(hash: Hex, rule: string) {
    dropped.inc({ rule: ruleLabel(rule) })
    addedAt.delete(hash)
  }

  function note(change: StoreChange) {
    switch (change.type) {
      case 'operationAdded': {
        const { hash, entryPoint, addedAt: time } = change.operation
        admitted.inc({ entry_point: entryPoint.version })
        addedAt.set(hash, time)
        if (change.replaces !== undefined) drop(change.replaces, 'replaced')
        break
      }
      case 'operationDropped':
        drop(change.hash, change.reason.rule)
        break
      case 'operationIncluded': {
        const { hash, success } = change.inclusion
        included.inc({ success: String(success) })
        const from = addedAt.get(hash)
        if (from !== undefined) inclusion.observe(Math.max(0, now() - from) / 1_000)
        addedAt.delete(hash)
        break
      }
      case 'inclusionUndone':
        reorged.inc()
    }
  }

  return {
    journaled: (changes) => changes.forEach(note),
    rejected(error) {
      const code = error instanceof RpcError ? String(error.code) : 'internal'
      rejected.inc({ rule: ruleLabel(ruleOf(error)), code })
    },
    cleared: () => addedAt.clear(),
  }
}

function ruleOf(error: unknown): unknown {
  if (!(error instanceof RpcError)) return undefined
  const { data } = error
  if (typeof data !== 'object' || data === null) return undefined
  return 'rule' in data ? data.rule : 'reason' in data ? data.reason : undefined
}
