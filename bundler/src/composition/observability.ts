import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Logger } from '@fabstir/service'
import { createMetricsServer, listen } from '@fabstir/service'
import type { Hex } from 'viem'
import { getBalance, getTransactionReceipt } from '../chain/blocks.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { TransactionSender } from '../chain/transactionSender.ts'
import type { BundlerConfig } from '../config/options.ts'
import { aroundReader } from '../observability/around/aroundReader.ts'
import { aroundStore } from '../observability/around/aroundStore.ts'
import type { Metrics } from '../observability/metrics/metrics.ts'
import { createMetrics } from '../observability/metrics/metrics.ts'
import type { WatchedState } from '../observability/metrics/stateMetrics.ts'
import type { BundlerSpans } from '../observability/spans/bundlerSpans.ts'
import type { Dispatch } from '../rpc/dispatch.ts'
import { toJsonRpcError } from '../rpc/errors.ts'
import type { Store } from '../store/store.ts'
import type { Bundle } from '../types/bundle.ts'
import type { TraceSource } from '../validation/trace/trace.ts'
import type { Validator } from '../validation/validate.ts'

type Admit = (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<Hex>

/** Wraps parts of a bundler so that they are measured and traced; without options, leaves them as they are. */
export type Observability = {
  /** The node. */
  reader: ChainReader
  /** The node, as it is asked to try bundles. */
  dryRunReader: ChainReader
  store(store: Store): Store
  sender(sender: TransactionSender): TransactionSender
  traceSource(source: TraceSource): TraceSource
  validator(validator: Validator): Validator
  /** @param hashOf The hash of an operation that is to be admitted. */
  admit(admit: Admit, hashOf: (...args: Parameters<Admit>) => Hex): Admit
  produce(produce: () => Promise<Bundle[]>): () => Promise<Bundle[]>
  dispatch<D extends Dispatch>(dispatch: D): D
  /**
   * Begins to answer GET /metrics, if that is wanted.
   * @returns Its URL.
   */
  start(state: Omit<WatchedState, 'balanceOf'>): Promise<string | undefined>
  close(): Promise<void>
}

export type ObservabilityDependencies = {
  config: Pick<BundlerConfig, 'host' | 'metricsPort' | 'otlpEndpoint'>
  node: ChainReader
  logger: Pick<Logger, 'error'>
}

const clock = { now: Date.now, elapsed: () => performance.now() }

export async function createObservability(deps: ObservabilityDependencies): Promise<Observability> {
  const { config, node } = deps
  const spans = config.otlpEndpoint === undefined ? undefined : await openSpans(config.otlpEndpoint)
  const metrics = config.metricsPort === undefined ? undefined : countOf(deps)
  const server = metrics && createMetricsServer(metrics.registry)
  const counted = metrics ? aroundReader(node, metrics.node) : node
  const reader = spans ? spans.reader(counted) : counted

  return {
    reader,
    dryRunReader: spans ? spans.dryRunReader(reader) : reader,
    store(store) {
      const timed = metrics ? aroundStore(store, metrics.store) : store
      return spans ? spans.store(timed) : timed
    },
    sender: (sender) => spans?.sender(sender) ?? sender,
    traceSource(source) {
      if (!metrics) return source
      const { name } = source
      const trace: TraceSource['trace'] = (...args) =>
        metrics.trace(name, () => source.trace(...args))
      return { ...source, trace }
    },
    validator: (validator) => spans?.validator(validator) ?? validator,
    admit(admit, hashOf) {
      const traced = spans?.admit(admit, hashOf) ?? admit
      return metrics ? rejectionsOf(traced, metrics) : traced
    },
    produce: (produce) => spans?.produce(produce) ?? produce,
    dispatch(dispatch) {
      const traced = spans?.dispatch(dispatch) ?? dispatch
      return metrics ? timedDispatch(traced, metrics) : traced
    },
    async start(state) {
      if (!metrics || !server || config.metricsPort === undefined) return undefined
      metrics.watch({ ...state, balanceOf: (address) => getBalance(node, address) })
      const { host, metricsPort: port } = config
      const { url } = await listen(server, { host, port }, '--metrics-port')
      return `${url}/metrics`
    },
    async close() {
      await server?.close()
      await spans?.close()
    },
  }
}

/** OpenTelemetry is loaded only where it is used. */
async function openSpans(endpoint: string): Promise<BundlerSpans> {
  const [{ createOtlpSpans }, { bundlerSpans }] = await Promise.all([
    import('../observability/spans/otlpSpans.ts'),
    import('../observability/spans/bundlerSpans.ts'),
  ])
  return bundlerSpans(createOtlpSpans({ endpoint }))
}

function countOf({ node, logger }: ObservabilityDependencies): Metrics {
  return createMetrics({
    clock,
    codeOf: (error) => toJsonRpcError(error).code,
    findReceipt: (hash) => getTransactionReceipt(node, hash),
    onFault: (error) => logger.error({ err: error }, 'a change was not counted'),
  })
}

function rejectionsOf(admit: Admit, metrics: Metrics): Admit {
  return (...args) =>
    admit(...args).catch((error: unknown) => {
      metrics.rejected(error)
      throw error
    })
}

function timedDispatch<D extends Dispatch>(dispatch: D, metrics: Metrics): D {
  const timed: Dispatch = (method, ...rest) => metrics.rpc(method, () => dispatch(method, ...rest))
  return timed as D
}
