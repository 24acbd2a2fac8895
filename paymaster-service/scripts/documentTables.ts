import { optionSections } from '../src/config/help.ts'
import { metricPrefix } from '../src/observability/metrics/metric.ts'
import { createMetrics } from '../src/observability/metrics/metrics.ts'
import { ruleMeanings } from '../src/policy/rules/ruleMeanings.ts'

/** Tables of docs/paymaster.md that are made of the code, by the name of their place. */
const tables: Readonly<Record<string, () => string>> = {
  rules: rulesTable,
  options: optionsTable,
  metrics: metricsTable,
}

function rulesTable(): string {
  return [
    '| Rule | Refuses when |',
    '|---|---|',
    ...Object.entries(ruleMeanings).map(
      ([rule, meaning]) => `| \`${rule}\` | ${escaped(meaning)} |`,
    ),
  ].join('\n')
}

function optionsTable(): string {
  return optionSections()
    .map(({ title, rows }) =>
      [
        `**${title}**`,
        '',
        '| Option | Default | Meaning |',
        '|---|---|---|',
        ...rows.map(
          ({ label, defaultValue, description }) =>
            `| \`${label}\` | ${defaultValue === undefined ? '' : `\`${defaultValue}\``} | ${escaped(description)} |`,
        ),
      ].join('\n'),
    )
    .join('\n\n')
}

function metricsTable(): string {
  const { registry, watch } = createMetrics({ elapsed: () => 0, codeOf: () => 0 })
  watch({
    chainId: 1,
    entryPoints: [],
    deposits: () => [],
    lowDeposit: 0n,
    followedBlock: async () => undefined,
    problems: async () => [],
    webhookQueues: async () => [],
    clock: () => 0,
  })
  return [
    '| Metric | Labels | Meaning |',
    '|---|---|---|',
    ...registry
      .getMetricsAsArray()
      .flatMap(describe)
      .map(({ name, labels, help }) => `| \`${name}\` | ${labels} | ${escaped(help)} |`),
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
    if (before === undefined || after === undefined)
      throw new RangeError(`the document has no place for the table of ${name}`)
    return `${before}<!-- ${name} -->\n${table()}\n<!-- /${name} -->${after}`
  }, document)
}
