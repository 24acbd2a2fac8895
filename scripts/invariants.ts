/**
 * Runs every invariant_* test over and over, each round with another seed, until ten million calls were made or an hour
 * is over. Two rounds run at a time. Prints what each invariant has seen; exits 1 at the first that breaks.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { renderTable } from '../contracts/operations/cli/table.ts'
import { invariantFiles } from './invariants/invariantFiles.ts'
import type { Round } from './invariants/round.ts'

const helpText = `Long run of all invariants.

Usage: pnpm invariants [options]

  --calls N      stop after N calls over all invariants    (default 10000000)
  --minutes N    stop after N minutes                      (default 60)
  --workers N    rounds at a time                          (default 2)
  --only TEXT    files with this in their path             (default all)
  --help         this text
`

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    calls: { type: 'string', default: '10000000' },
    minutes: { type: 'string', default: '60' },
    workers: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) {
  process.stdout.write(helpText)
} else {
  process.exitCode = await main({
    calls: positive('calls', values.calls),
    minutes: positive('minutes', values.minutes),
    workers: positive('workers', values.workers),
  })
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new RangeError(`--${name}: expected a number above 0, got "${text}"`)
  return value
}

async function main(limits: { calls: number; minutes: number; workers: number }): Promise<number> {
  const walks = await invariantFiles(join(import.meta.dirname, '..'), values.only)
  if (walks.length === 0) {
    throw new RangeError(`--only: no invariants in a file with "${values.only}"`)
  }
  const contracts = await run('hardhat', ['build', '--quiet', '--no-tests'])
  if (contracts.code !== 0) return 1
  const tests = await run('hardhat', ['build', '--quiet', '--no-contracts', ...walks])
  if (tests.code !== 0) return 1

  const started = performance.now()
  const minutes = () => (performance.now() - started) / 60_000
  const totals = new Map<string, Round['calls'][string]>()
  const failures: string[] = []
  let rounds = 0
  const total = () => [...totals.values()].reduce((sum, { calls }) => sum + calls, 0)
  const number = (value: number) => value.toLocaleString('en')
  const perSecond = () => number(Math.round(total() / minutes() / 60))
  const goOn = () => failures.length === 0 && total() < limits.calls && minutes() < limits.minutes

  const worker = async () => {
    while (goOn()) {
      const seed = `0x${randomBytes(32).toString('hex')}`
      const { calls, failures: broken } = await round(seed, walks)
      rounds += 1
      for (const [name, seen] of Object.entries(calls)) {
        const before = totals.get(name) ?? { calls: 0, reverts: 0, seconds: 0 }
        totals.set(name, {
          calls: before.calls + seen.calls,
          reverts: before.reverts + seen.reverts,
          seconds: before.seconds + seen.seconds,
        })
      }
      for (const { name, reason } of broken) failures.push(`${name} (seed ${seed}): ${reason}`)
      console.log(
        `round ${rounds}: ${number(total())} calls in ${minutes().toFixed(1)} min, ${perSecond()} calls/s`,
      )
    }
  }
  await Promise.all(Array.from({ length: limits.workers }, worker))

  console.log(
    `\n${renderTable([
      ['invariant', 'calls', 'refused', 'calls/s'],
      ...[...totals].map(([name, { calls, reverts, seconds }]) => [
        name,
        number(calls),
        number(reverts),
        number(Math.round(calls / seconds)),
      ]),
      ['total', number(total()), '', perSecond()],
    ])}\n`,
  )
  for (const failure of failures) console.error(`BROKEN ${failure}`)
  console.log(`${rounds} rounds in ${minutes().toFixed(1)} min, ${failures.length} broken`)
  if (totals.size === 0) console.error('no invariant was run')
  return failures.length === 0 && totals.size > 0 ? 0 : 1
}

async function round(seed: string, walks: readonly string[]): Promise<Round> {
  const { code, output } = await run('node', ['scripts/invariants/round.ts', ...walks], {
    FABSTIR_FUZZ_SEED: seed,
  })
  const line = output.trim().split('\n').at(-1) ?? ''
  if (code !== 0 || !line.startsWith('{')) throw new Error(`a round broke:\n${output}`)
  return JSON.parse(line) as Round
}

function run(
  name: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      shell: process.platform === 'win32',
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code !== 0) process.stderr.write(errors)
      resolve({ code, output })
    })
  })
}
