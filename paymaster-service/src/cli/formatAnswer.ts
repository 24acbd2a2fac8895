/** An answer of administration as text: lists as tables, the rest as `name: value`. */
export function formatAnswer(answer: unknown): string {
  if (Array.isArray(answer)) return formatList(answer)
  if (!isObject(answer)) return cell(answer)
  return Object.entries(answer)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      Array.isArray(value) && value.every(isObject)
        ? `${name}:\n${formatList(value)}`
        : `${name}: ${cell(value)}`,
    )
    .join('\n')
}

function formatList(list: readonly unknown[]): string {
  if (list.length === 0) return '(none)'
  if (!list.every(isObject)) return list.map(cell).join('\n')
  const names = [...new Set(list.flatMap((row) => Object.keys(row)))]
  const rows = [names, ...list.map((row) => names.map((name) => cell(row[name])))]
  const widths = names.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-'
  if (Array.isArray(value) && !value.some(isObject)) return value.map(String).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
