/** Text table with left-aligned columns; the first row is the heading. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    }
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  const [heading, ...body] = rows
  if (!heading) return ''
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [line(heading), rule, ...body.map(line)].join('\n')
}
