/** One round of the invariants in the files that are named, with a seed of its own. Prints one JSON object: calls by invariant, and failures. */
import hre from 'hardhat'

export type Round = {
  calls: Record<string, { calls: number; reverts: number; seconds: number }>
  failures: { name: string; reason: string }[]
}

type TestResult = {
  name: string
  status: string
  reason?: string
  durationNs: bigint
  kind: { calls?: bigint; reverts?: bigint }
}
type Outcome = { value?: unknown; error?: unknown }

const write = process.stdout.write.bind(process.stdout)
// The runner's own report goes to the standard error: this output is read by a program.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write

const outcome = (await hre.tasks.getTask(['test', 'solidity']).run({
  noCompile: true,
  testFiles: process.argv.slice(2),
  testProfile: 'long',
  grep: 'invariant_',
})) as Outcome
const { suiteResults } = (outcome.value ?? outcome.error) as {
  suiteResults: { id: { name: string }; testResults: TestResult[] }[]
}

const round: Round = { calls: {}, failures: [] }
for (const { id, testResults } of suiteResults) {
  for (const { name, status, reason, kind, durationNs } of testResults) {
    const title = `${id.name}.${name.replace('()', '')}`
    if (kind.calls !== undefined) {
      round.calls[title] = {
        calls: Number(kind.calls),
        reverts: Number(kind.reverts ?? 0n),
        seconds: Number(durationNs) / 1e9,
      }
    }
    if (status === 'Failure') round.failures.push({ name: title, reason: reason ?? '' })
  }
}
write(`${JSON.stringify(round)}\n`)
