/**
 * Runs every test of the project: Solidity tests in Hardhat's runner, in shards and side by side, then the vitest
 * projects. Closes with one line "N passed, N failed". Exits 1 when a test failed or a runner broke.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from './tests/runProgram.ts'
import { type Shard, solidityShards, testsOnArtifacts } from './tests/solidityShards.ts'

type Counts = { passed: number; failed: number }
type Stage = { title: string; run: (print: (text: string) => void) => Promise<Counts> }

const root = join(import.meta.dirname, '..')
const scratch = await mkdtemp(join(tmpdir(), 'fabstir-test-'))
const total: Counts = { passed: 0, failed: 0 }

try {
  const shards = (await solidityShards(root)).map(solidityStage)
  await sideBySide([
    {
      title: 'contracts, what is generated of them, and the walk over all of them',
      run: contracts,
    },
    ...shards,
  ])
  await alone({ title: 'unit, contract and system tests', run: vitestTests })
} finally {
  await rm(scratch, { recursive: true, force: true })
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

/** One stage for each core; what a stage prints is shown when it has ended. */
async function sideBySide(stages: Stage[]) {
  const waiting = [...stages]
  const worker = async () => {
    for (let stage = waiting.shift(); stage; stage = waiting.shift()) {
      let printed = ''
      console.log(`... ${stage.title}`)
      await timed(stage, (text) => {
        printed += text
      }).finally(() => process.stdout.write(printed))
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker))
}

async function alone(stage: Stage) {
  await timed(stage, (text) => process.stdout.write(text))
}

/** A runner that broke without counting a failure still counts as one. */
async function timed({ title, run }: Stage, print: (text: string) => void) {
  const started = performance.now()
  print(`\n=== ${title}\n`)
  const { passed, failed } = await run(print)
  total.passed += passed
  total.failed += failed
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  print(`=== ${title}: ${passed} passed, ${failed} failed in ${seconds} s\n`)
}

async function contracts(print: (text: string) => void): Promise<Counts> {
  const build = await runProgram('hardhat', ['build', '--quiet', '--no-tests'], { onOutput: print })
  if (build.code !== 0) return { passed: 0, failed: 1 }
  const check = await runProgram('node', ['contracts/scripts/generate.ts', '--check'], {
    onOutput: print,
  })
  const { passed, failed } = await solidityTests(await testsOnArtifacts(root), print)
  return { passed, failed: failed + (check.code === 0 ? 0 : 1) }
}

function solidityStage({ name, files }: Shard): Stage {
  return {
    title: `Solidity tests: ${name}`,
    run: (print) => solidityTests(files, print, { FABSTIR_TEST_SHARD: name }),
  }
}

async function solidityTests(
  files: readonly string[],
  print: (text: string) => void,
  env: Record<string, string> = {},
): Promise<Counts> {
  const { code, output } = await runProgram('hardhat', ['test', 'solidity', ...files], {
    env,
    onOutput: print,
  })
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0)
  const passed = count('passing')
  const failed = count('failing')
  const broken = passed + failed === 0 || (code !== 0 && failed === 0)
  return { passed, failed: broken ? failed + 1 : failed }
}

async function vitestTests(print: (text: string) => void): Promise<Counts> {
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
