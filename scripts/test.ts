/**
 * Runs every test of the project: compiles, runs the Solidity tests in Hardhat's runner and then the vitest projects.
 * Closes with one line "N passed, N failed". Exits 1 when a test failed or a runner broke.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from './tests/runProgram.ts'

type Counts = { passed: number; failed: number }

const scratch = await mkdtemp(join(tmpdir(), 'fabstir-test-'))
const total: Counts = { passed: 0, failed: 0 }

try {
  await stage('contracts and Solidity tests: compile, and what is generated of them', compile)
  await stage('Solidity tests', solidityTests)
  await stage('unit, contract and system tests', vitestTests)
} finally {
  await rm(scratch, { recursive: true, force: true })
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

async function stage(title: string, run: () => Promise<Counts>) {
  const started = performance.now()
  console.log(`\n=== ${title}`)
  const { passed, failed } = await run()
  total.passed += passed
  total.failed += failed
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`=== ${title}: ${passed} passed, ${failed} failed in ${seconds} s`)
}

function print(text: string) {
  process.stdout.write(text)
}

async function compile(): Promise<Counts> {
  const build = await runProgram('hardhat', ['build', '--quiet'], { onOutput: print })
  if (build.code !== 0) return { passed: 0, failed: 1 }
  const check = await runProgram('node', ['contracts/scripts/generate.ts', '--check'], {
    onOutput: print,
  })
  return { passed: 0, failed: check.code === 0 ? 0 : 1 }
}

/** A runner that broke without counting a failure still counts as one, here and below. */
async function solidityTests(): Promise<Counts> {
  const { code, output } = await runProgram('hardhat', ['test', 'solidity'], { onOutput: print })
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0)
  const passed = count('passing')
  const failed = count('failing')
  const broken = passed + failed === 0 || (code !== 0 && failed === 0)
  return { passed, failed: broken ? failed + 1 : failed }
}

async function vitestTests(): Promise<Counts> {
  const report = join(scratch, 'vitest.json')
  const { code } = await runProgram(
    'vitest',
    [
      ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ...process.argv.slice(2),
    ],
    { onOutput: print },
  )
  const text = await readFile(report, 'utf8').catch(() => undefined)
  if (text === undefined) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests } = JSON.parse(text) as {
    numPassedTests: number
    numFailedTests: number
  }
  const broken = numPassedTests === 0 || (code !== 0 && numFailedTests === 0)
  return { passed: numPassedTests, failed: broken ? numFailedTests + 1 : numFailedTests }
}
