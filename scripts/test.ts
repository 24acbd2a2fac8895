/**
 * Runs every test of the project in two lanes, for two cores: the contracts and what needs them compiled in one, beside
 * it what runs on the generated code; the SDK's tests on devnets go to the first, which ends earlier. Arguments go to
 * vitest, which then runs once, after the rest. Closes with one line "N passed, N failed". Exits 1 when a test failed
 * or a runner broke.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeIsCurrent } from '../contracts/deploy/code.ts'
import { runProgram } from './tests/runProgram.ts'

type Counts = { passed: number; failed: number }
type Print = (text: string) => void
type Stage = { title: string; run: (print: Print) => Promise<Counts> }

const scratch = await mkdtemp(join(tmpdir(), 'fabstir-test-'))
const total: Counts = { passed: 0, failed: 0 }
const forVitest = process.argv.slice(2)

const compiling = { title: 'contracts and Solidity tests compile; what is generated', run: compile }
const solidity = { title: 'Solidity tests', run: solidityTests }
const project = (name: string) => ({ title: `${name} tests`, run: vitest(['--project', name]) })
const [unit, contracts] = [project('unit'), project('contracts')]
const [system, systemSdk] = [project('system'), project('system-sdk')]

try {
  if (forVitest.length > 0) {
    await inTurn([compiling, solidity])
    await inTurn([{ title: 'unit, contract and system tests', run: vitest(forVitest) }])
  } else if (await codeIsCurrent()) {
    await Promise.all([inTurn([compiling, solidity, contracts, systemSdk]), inTurn([unit, system])])
  } else {
    // The devnet would compile, too, and both write to the same folder.
    await inTurn([compiling])
    await Promise.all([inTurn([solidity, contracts, systemSdk]), inTurn([unit, system])])
  }
} finally {
  await rm(scratch, { recursive: true, force: true })
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

/** What a stage prints is shown when it has ended: another lane prints beside it. */
async function inTurn(stages: readonly Stage[]) {
  for (const stage of stages) {
    let printed = ''
    console.log(`... ${stage.title}`)
    await timed(stage, (text) => {
      printed += text
    }).finally(() => process.stdout.write(printed))
  }
}

async function timed({ title, run }: Stage, print: Print) {
  const started = performance.now()
  print(`\n=== ${title}\n`)
  const { passed, failed } = await run(print)
  total.passed += passed
  total.failed += failed
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  print(`=== ${title}: ${passed} passed, ${failed} failed in ${seconds} s\n`)
}

async function compile(print: Print): Promise<Counts> {
  const build = await runProgram('hardhat', ['build', '--quiet'], { onOutput: print })
  if (build.code !== 0) return { passed: 0, failed: 1 }
  const check = await runProgram('node', ['contracts/scripts/generate.ts', '--check'], {
    onOutput: print,
  })
  return { passed: 0, failed: check.code === 0 ? 0 : 1 }
}

/** A runner that broke without counting a failure still counts as one, here and below. */
async function solidityTests(print: Print): Promise<Counts> {
  const { code, output } = await runProgram('hardhat', ['test', 'solidity'], { onOutput: print })
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0)
  const passed = count('passing')
  const failed = count('failing')
  const broken = passed + failed === 0 || (code !== 0 && failed === 0)
  return { passed, failed: broken ? failed + 1 : failed }
}

function vitest(args: readonly string[]) {
  return async (print: Print): Promise<Counts> => {
    const folder = await mkdtemp(join(scratch, 'vitest-'))
    const report = join(folder, 'report.json')
    const { code } = await runProgram(
      'vitest',
      [...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], ...args],
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
}
