import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const help = `Fuzzes the bundler's JSON-RPC over HTTP, raw bytes and WebSocket, on a chain of its own.

pnpm fuzz:bundler [--runs N] [--seed S]

  --runs N   Cases of each kind (default 5000)
  --seed S   Replays the cases of an earlier run; a failure prints its seed`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5000' },
    seed: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help) {
  console.log(help)
} else if (!/^[1-9]\d{0,8}$/.test(values.runs) || !/^-?\d{1,10}$/.test(values.seed ?? '0')) {
  console.error(`fuzz:bundler: --runs and --seed must be whole numbers\n\n${help}`)
  process.exitCode = 1
} else {
  const vitest = join(
    dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
    'vitest.mjs',
  )
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--project', 'system', 'test/system/bundlerFuzz.test.ts'],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        FABSTIR_FUZZ_RUNS: values.runs,
        ...(values.seed !== undefined && { FABSTIR_FUZZ_SEED: values.seed }),
      },
    },
  )
  process.exitCode = status ?? 1
}
