import type { Registry } from 'prom-client'
import type { OptionSection } from '../options/optionHelp.ts'

/** A table in Markdown. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line)].join('\n')
}

/** Text in a cell of a table. */
export function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** A table of options under each heading. */
export function optionTables(sections: readonly OptionSection[]): string {
  return sections
    .map(({ title, rows }) => {
      const table = markdownTable(
        ['Option', 'Default', 'Meaning'],
        rows.map(({ label, defaultValue, description }) => [
          `\`${label}\``,
          defaultValue === undefined ? '' : `\`${defaultValue}\``,
          escaped(description),
        ]),
      )
      return `**${title}**\n\n${table}`
    })
    .join('\n\n')
}

/** The metrics of a registry whose names begin with `prefix`. */
export function metricsTable(registry: Registry, prefix: string): string {
  const rows = registry.getMetricsAsArray().flatMap((metric: object) => {
    // The library's types leave out what its metrics know of themselves.
    const { name, help, labelNames } = metric as Record<string, unknown>
    if (typeof name !== 'string' || !name.startsWith(prefix)) return []
    const labels = Array.isArray(labelNames) ? labelNames.map((label) => `\`${label}\``) : []
    return [[`\`${name}\``, labels.join(', '), escaped(String(help))]]
  })
  return markdownTable(['Metric', 'Labels', 'Meaning'], rows)
}

/**
 * The document with its tables as the code says. A place is between `<!-- name -->` and `<!-- /name -->`.
 * @param tables By the name of their place.
 * @throws RangeError when a place is missing.
 */
export function withTables(
  document: string,
  tables: Readonly<Record<string, () => string>>,
): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [before, rest] = text.split(`<!-- ${name} -->`)
    const [, after] = rest?.split(`<!-- /${name} -->`) ?? []
    if (before === undefined || after === undefined)
      throw new RangeError(`the document has no place for the table of ${name}`)
    return `${before}<!-- ${name} -->\n${table()}\n<!-- /${name} -->${after}`
  }, document)
}
