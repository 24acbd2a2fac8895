import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Hex } from 'viem'
import type { StoreChange } from '../../store/store.ts'
import type { Around } from '../around/around.ts'
import type { NodeCall } from '../around/aroundReader.ts'
import type { StoreWatcher } from '../around/aroundStore.ts'
import { bundleMetrics } from './bundleMetrics.ts'
import type { Clock } from './metric.ts'
import { nodeMetrics } from './nodeMetrics.ts'
import { operationMetrics } from './operationMetrics.ts'
import { rpcMetrics } from './rpcMetrics.ts'
import type { WatchedState } from './stateMetrics.ts'
import { stateMetrics } from './stateMetrics.ts'
import { storeMetrics } from './storeMetrics.ts'
import { traceMetrics } from './traceMetrics.ts'
import type { TransactionFields } from './transactionCost.ts'

export type Metrics = {
  registry: Registry
  node: Around<NodeCall>
  rpc: Around<{ method: string }>
  trace: Around<{ source: string }>
  store: StoreWatcher
  /** An operation was not admitted. */
  rejected(error: unknown): void
  /** Looks at the state of a bundler with every scrape. */
  watch(state: WatchedState): void
}

export type MetricsDependencies = {
  clock: Clock
  /** JSON-RPC error code that a client sees. */
  codeOf: (error: unknown) => number
  findReceipt: (transactionHash: Hex) => Promise<TransactionFields | undefined>
  /** A fault of the counting itself, which must not stop anything. */
  onFault: (error: unknown) => void
}

/** All metrics of one bundler, in a registry of their own. */
export function createMetrics(deps: MetricsDependencies): Metrics {
  const { clock, codeOf, findReceipt, onFault } = deps
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const operations = operationMetrics(registry, clock)
  const bundles = bundleMetrics(registry, findReceipt)
  const journaled = (changes: readonly StoreChange[]) => {
    operations.journaled(changes)
    bundles.journaled(changes)
  }
  return {
    registry,
    node: nodeMetrics(registry, clock),
    rpc: rpcMetrics(registry, clock, codeOf),
    trace: traceMetrics(registry, clock),
    store: {
      commit: storeMetrics(registry, clock, journaled, onFault),
      recovered: bundles.recovered,
      cleared() {
        operations.cleared()
        bundles.cleared()
      },
    },
    rejected: operations.rejected,
    watch: (state) => stateMetrics(registry, clock, state),
  }
}
