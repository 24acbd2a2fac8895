import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from './tests/runProgram.ts'

const root = join(import.meta.dirname, '..')

type Check = { name: string; size: number; sizeLimit?: number; passed?: boolean }

/** Milliseconds: some twenty bundles are made, beside whatever else the machine does. */
const limit = 120_000

/** `pnpm size`: what a browser loads, with everything of viem, minified and by gzip. */
test(
  'every entry of the SDK stays below its limit, the whole client below 60 kB',
  async () => {
    const sizeLimit = join(root, 'node_modules/size-limit/bin.js')
    const { output } = await runProgram(process.execPath, [sizeLimit, '--json'], { cwd: root })
    const checks = JSON.parse(output) as Check[]
    const [whole] = checks
    expect(whole).toMatchObject({ name: expect.stringContaining('whole client') })
    expect(whole?.size).toBeLessThanOrEqual(60_000)
    // Bundled at all: less than viem alone would mean that nothing was measured.
    expect(whole?.size).toBeGreaterThan(40_000)
    const own = checks.filter(({ name }) => !name.startsWith('peer:'))
    expect(own.filter(({ passed }) => !passed)).toEqual([])
  },
  limit,
)
