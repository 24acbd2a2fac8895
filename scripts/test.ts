/**
 * Runs every test of the project: Solidity tests in Hardhat's runner, then the vitest projects.
 * Closes with one line "N passed, N failed". Exits 1 when a test failed or a runner broke.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Counts = { passed: number; failed: number }

const scratch = await mkdtemp(join(tmpdir(), 'fabstir-test-'))
const total: Counts = { passed: 0, failed: 0 }

try {
  await stage('compile the contracts', () => command('hardhat', ['build', '--quiet']))
  await stage('generated ABIs are up to date', () =>
    command('node', ['contracts/scripts/generateAbis.ts', '--check']),
  )
  await stage('Solidity tests', solidityTests)
  await stage('unit, contract and system tests', vitestTests)
} finally {
  await rm(scratch, { recursive: true, force: true })
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

/** A runner that broke without counting a failure still counts as one. */
async function stage(title: string, run: () => Promise<Counts>) {
  const started = performance.now()
  console.log(`\n=== ${title}`)
  const { passed, failed } = await run()
  total.passed += passed
  total.failed += failed
  console.log(`=== ${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

async function command(name: string, args: string[]): Promise<Counts> {
  const { code } = await run(name, args)
  return { passed: 0, failed: code === 0 ? 0 : 1 }
}

async function solidityTests(): Promise<Counts> {
  const { code, output } = await run('hardhat', ['test', 'solidity', '--no-compile'])
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0)
  const passed = count('passing')
  const failed = count('failing')
  const broken = passed + failed === 0 || (code !== 0 && failed === 0)
  return { passed, failed: broken ? failed + 1 : failed }
}

async function vitestTests(): Promise<Counts> {
  const report = join(scratch, 'vitest.json')
  const { code } = await run('vitest', [
    ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...process.argv.slice(2),
  ])
  const text = await readFile(report, 'utf8').catch(() => undefined)
  if (text === undefined) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests } = JSON.parse(text) as {
    numPassedTests: number
    numFailedTests: number
  }
  const broken = numPassedTests === 0 || (code !== 0 && numFailedTests === 0)
  return { passed: numPassedTests, failed: broken ? numFailedTests + 1 : numFailedTests }
}

/** Shows what the program prints while it runs, and returns its end with standard output. */
function run(name: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
      process.stdout.write(chunk)
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
