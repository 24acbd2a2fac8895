/** Coverage of one source file. */
export type FileCoverage = {
  path: string
  /** Percent. */
  lines: number
  /** Percent. */
  statements: number
  /** Line numbers and ranges, like "12, 20-22". */
  uncovered: string
}

export type CoverageReport = { files: FileCoverage[]; lines: number; statements: number }

/**
 * Reads the table that Hardhat prints after a run with `--coverage`: path, lines, statements, uncovered lines.
 * @throws RangeError when there is no table with a total.
 */
export function parseCoverage(output: string): CoverageReport {
  const rows = output
    .split('\n')
    .map((line) => line.split(/[│║|]/).map((cell) => cell.trim()))
    .map((cells) => cells.filter((cell, index) => cell !== '' || index > 0))
  const files: FileCoverage[] = []
  let total: { lines: number; statements: number } | undefined
  for (const [path = '', lines = '', statements = '', uncovered = ''] of rows) {
    if (!/^\d+(\.\d+)?$/.test(lines) || !/^\d+(\.\d+)?$/.test(statements)) continue
    const percent = { lines: Number(lines), statements: Number(statements) }
    if (path === 'Total') total = percent
    else files.push({ path, ...percent, uncovered: uncovered === '-' ? '' : uncovered })
  }
  if (!total || files.length === 0) throw new RangeError('there is no coverage table in the output')
  return { files, ...total }
}

/** What keeps the report below `minimum` percent, one line for each; nothing when both totals reach it. */
export function shortfalls({ lines, statements }: CoverageReport, minimum: number): string[] {
  return [
    ...(lines < minimum ? [`lines ${lines} % of at least ${minimum} %`] : []),
    ...(statements < minimum ? [`statements ${statements} % of at least ${minimum} %`] : []),
  ]
}
