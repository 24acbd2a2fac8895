import { escaped, markdownTable, metricsTable, optionTables } from '@fabstir/service/documents'
import { optionSections } from '../src/config/help.ts'
import { metricPrefix } from '../src/observability/metrics/metric.ts'
import { createMetrics } from '../src/observability/metrics/metrics.ts'
import { ruleMeanings } from '../src/policy/rules/ruleMeanings.ts'

/** Tables of docs/paymaster.md that are made of the code, by the name of their place. */
export const tables: Readonly<Record<string, () => string>> = {
  rules: rulesTable,
  options: () => optionTables(optionSections()),
  metrics: () => metricsTable(watchedRegistry(), metricPrefix),
}

function rulesTable(): string {
  return markdownTable(
    ['Rule', 'Refuses when'],
    Object.entries(ruleMeanings).map(([rule, meaning]) => [`\`${rule}\``, escaped(meaning)]),
  )
}

/** The metrics of a service that has nothing to do. */
function watchedRegistry() {
  const { registry, watch } = createMetrics({ elapsed: () => 0, codeOf: () => 0 })
  watch({
    chainId: 1,
    entryPoints: [],
    deposits: () => [],
    prices: () => [],
    lowDeposit: 0n,
    followedBlock: async () => undefined,
    problems: async () => [],
    webhookQueues: async () => [],
    clock: () => 0,
  })
  return registry
}
