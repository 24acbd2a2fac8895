import { metricsTable, optionTables } from '@fabstir/service/documents'
import { optionSections } from '../src/config/help.ts'
import { metricPrefix } from '../src/observability/metrics/metric.ts'
import { createMetrics } from '../src/observability/metrics/metrics.ts'

/** Tables of docs/bundler.md that are made of the code, by the name of their place. */
export const tables: Readonly<Record<string, () => string>> = {
  options: () => optionTables(optionSections()),
  metrics: () => metricsTable(watchedRegistry(), metricPrefix),
}

/** The metrics of a bundler that has nothing to do. */
function watchedRegistry() {
  const { registry, watch } = createMetrics({
    clock: { now: () => 0, elapsed: () => 0 },
    codeOf: () => 0,
    findReceipt: async () => undefined,
    onFault: () => undefined,
  })
  watch({
    chainId: 1,
    entryPoints: [],
    mempool: { entries: () => [] },
    bundles: { inFlight: () => [] },
    executors: { addresses: () => [] },
    reputation: { entries: () => [] },
    head: () => undefined,
    balanceOf: async () => 0n,
  })
  return registry
}
