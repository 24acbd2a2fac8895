import type { Around } from '@fabstir/service'
import { failureMetrics, requestMetrics } from '@fabstir/service'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Hex } from 'viem'
import type { StoreChange } from '../../store/store.ts'
import { rpcErrorCode } from '../../types/rpcError.ts'
import type { NodeCall } from '../around/aroundReader.ts'
import type { StoreWatcher } from '../around/aroundStore.ts'
import { bundleMetrics } from './bundleMetrics.ts'
import type { Clock } from './metric.ts'
import { metric } from './metric.ts'
import { nodeMetrics } from './nodeMetrics.ts'
import { operationMetrics } from './operationMetrics.ts'
import type { WatchedState } from './stateMetrics.ts'
import { stateMetrics } from './stateMetrics.ts'
import { storeMetrics } from './storeMetrics.ts'
import type { TransactionFields } from './transactionCost.ts'

export type Metrics = {
  registry: Registry
  node: Around<NodeCall>
  /** By method. */
  rpc: Around<string>
  /** By the source of the trace. */
  trace: Around<string>
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
  const options = { registry, metric, elapsed: clock.elapsed }
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
    rpc: requestMetrics(options, { codeOf, unknownCode: rpcErrorCode.methodNotFound }),
    trace: failureMetrics(options, {
      name: 'trace',
      secondsHelp: 'Time to trace a validation',
      failuresHelp: 'Validations that could not be traced',
      label: 'source',
    }),
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
