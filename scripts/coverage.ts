/**
 * Runs the Solidity tests over instrumented code and prints what they reach, by contract. Exits 1 below 98 percent of
 * lines or statements, and when a test fails.
 */
import { spawn } from 'node:child_process'
import { renderTable } from '../contracts/operations/cli/table.ts'
import { parseCoverage, shortfalls } from './coverage/coverageReport.ts'

const minimum = 98

/** In the names of tests that measure gas or size of the real code, which instrumenting changes. */
const measuring = ['StaysBelow', 'SizeLimit'].join('|')

const { code, output } = await run('hardhat', [
  ...['--config', 'hardhat.coverage.config.ts', '--coverage'],
  ...['test', 'solidity', '--grep-exclude', measuring],
])
const report = parseCoverage(output)
console.log(
  renderTable([
    ['contract', 'lines %', 'statements %', 'not covered'],
    ...report.files
      .toSorted((a, b) => a.lines - b.lines || a.path.localeCompare(b.path, 'en'))
      .map(({ path, lines, statements, uncovered }) => [
        path,
        lines.toFixed(2),
        statements.toFixed(2),
        uncovered,
      ]),
    ['total', report.lines.toFixed(2), report.statements.toFixed(2), ''],
  ]),
)
for (const line of shortfalls(report, minimum)) {
  console.error(line)
  process.exitCode = 1
}
if (code !== 0) {
  console.error('tests failed')
  process.exitCode = 1
}

/** Shows all but the table while it runs, which {@link renderTable} prints in another order. */
function run(name: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
      const text = chunk.toString()
      if (!/[║╟╔╚]/.test(text)) process.stdout.write(text)
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
