import { optionSections } from '../src/config/help.ts'
import { metricPrefix } from '../src/observability/metrics/metric.ts'
import { createMetrics } from '../src/observability/metrics/metrics.ts'

/** Tables of docs/bundler.md that are made of the code, by the name of their place. */
const tables: Readonly<Record<string, () => string>> = {
  options: () =>
    optionSections()
      .map(({ title, rows }) => section(title, rows))
      .join('\n\n'),
  metrics: metricsTable,
}

type Rows = ReturnType<typeof optionSections>[number]['rows']

function section(title: string, rows: Rows): string {
  return [
    `**${title}**`,
    '',
    '| Option | Default | Meaning |',
    '|---|---|---|',
    ...rows.map(
      ({ flag, defaultValue, description }) =>
        `| \`${flag}\` | ${defaultValue === undefined ? '' : `\`${defaultValue}\``} | ${escaped(description)} |`,
    ),
  ].join('\n')
}

function metricsTable(): string {
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
  const own = registry.getMetricsAsArray().flatMap(describe)
  return [
    '| Metric | Labels | Meaning |',
    '|---|---|---|',
    ...own.map(({ name, labels, help }) => `| \`${name}\` | ${labels} | ${escaped(help)} |`),
  ].join('\n')
}

/** The library's types leave out what its metrics know of themselves. */
function describe(metric: object): { name: string; labels: string; help: string }[] {
  const fields = metric as { name?: unknown; help?: unknown; labelNames?: unknown }
  const { name, help, labelNames } = fields
  if (typeof name !== 'string' || !name.startsWith(metricPrefix)) return []
  const labels = Array.isArray(labelNames) ? labelNames.map((label) => `\`${label}\``) : []
  return [{ name, help: String(help), labels: labels.join(', ') }]
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}

/**
 * The document with its tables as the code says. A place is between `<!-- name -->` and `<!-- /name -->`.
 * @throws RangeError when a place is missing.
 */
export function withTables(document: string): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [before, rest] = text.split(`<!-- ${name} -->`)
    const [, after] = rest?.split(`<!-- /${name} -->`) ?? []
    if (before === undefined || after === undefined) {
      throw new RangeError(`the document has no place for the table of ${name}`)
    }
    return `${before}<!-- ${name} -->\n${table()}\n<!-- /${name} -->${after}`
  }, document)
}
