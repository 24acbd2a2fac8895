/**
 * `pnpm bench:paymaster`. Exits 1 when an operation was not sponsored or the ledger does not hold what was answered.
 * Run with `--expose-gc --no-memory-reducer`: what was prepared is collected before the clock runs, and not on a core
 * that is measured.
 */
import { CommandLineError, helpText, readCommandLine } from './paymaster/options.ts'
import { renderFigures } from './paymaster/report.ts'
import { faultsOf, runPaymasterBench } from './paymaster/runPaymasterBench.ts'

/** What one sender may ask for in a day by the default policy is 500; the rest is room. */
const operationsOfSender = 300
const leastSenders = 500
/** Requests until the caches are full and V8 has optimised what is hot, which takes it a core for some seconds. */
const warmUp = 20_000

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  const isUsersError = error instanceof CommandLineError
  console.error('bench:paymaster:', isUsersError ? error.message : error)
  return isUsersError ? 2 : 1
})

async function main(args: readonly string[]): Promise<number> {
  const { help, json, ...options } = readCommandLine(args)
  if (help) {
    process.stdout.write(helpText)
    return 0
  }
  const started = performance.now()
  const figures = await runPaymasterBench({
    ...options,
    othersShare: 0.1,
    warmUp,
    senders: Math.max(leastSenders, Math.ceil((options.requests + warmUp) / operationsOfSender)),
    onProgress: (line) =>
      console.error(`${((performance.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${line}`),
  })
  console.log(json ? JSON.stringify(figures, null, 2) : `\n${renderFigures(figures)}`)
  const faults = faultsOf(figures)
  for (const fault of faults) console.error(fault)
  return faults.length === 0 ? 0 : 1
}
