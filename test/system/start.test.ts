import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const main = join(import.meta.dirname, '../../devnet/src/main.ts')
const freePorts = ['--chain-port', '0', '--bundler-port', '0', '--paymaster-port', '0']

/** Runs `pnpm start` as a person or a program would, and returns what it printed. */
function start(args: readonly string[]) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

type Report = {
  ok: boolean
  steps: {
    name: string
    ok: boolean
    userOpHash: string | null
    gasUsed: string | null
    payer: string | null
    latencyMs: number
  }[]
  balances: Record<string, Record<string, string>>
}

describe('start --once --json', () => {
  test('it exits 0 and prints one object: every step passed, nobody but the sponsor paid', async () => {
    const { code, stdout, stderr } = await start(['--once', '--json', ...freePorts])
    expect(code, stderr).toBe(0)

    const report = JSON.parse(stdout) as Report
    expect(Object.keys(report)).toEqual(['ok', 'steps', 'balances'])
    expect(report.ok).toBe(true)
    const failed = report.steps.filter(({ ok }) => !ok)
    expect(failed).toEqual([])

    const operations = report.steps.filter(({ userOpHash }) => userOpHash !== null)
    expect(operations).toHaveLength(15)
    expect(new Set(operations.map(({ userOpHash }) => userOpHash)).size).toBe(15)
    expect(new Set(operations.map(({ payer }) => payer)).size).toBe(1)
    for (const { name, gasUsed } of operations)
      expect(Number(gasUsed), name).toBeGreaterThan(50_000)

    expect(report.balances).toMatchObject({
      eth: { host: '0', renter: '0' },
      // 85 / 10 / 5 of 1.25 USDC for 2,500 tokens and of 1 USDC for the job.
      usdc: { host: '1912500', renter: '7750000', protocolFees: '225000', stakersFees: '112500' },
      fab: { hostStake: '1000000000000000000000' },
    })
    expect(stderr).toContain('SessionKeyNotActiveError')
  })
})

describe('start: bad input', () => {
  test('it names the port that is taken and the option that moves it', async () => {
    const occupant = createServer()
    await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve))
    const address = occupant.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const ports = ['--chain-port', '0', '--bundler-port', `${port}`, '--paymaster-port', '0']
    const { code, stderr } = await start(['--once', ...ports])
    occupant.close()
    expect(code).toBe(1)
    expect(stderr).toContain(`port ${port} is taken`)
    expect(stderr).toContain('--bundler-port')
  })

  test('it exits 2 and names an unknown option', async () => {
    const { code, stderr } = await start(['--onse'])
    expect(code).toBe(2)
    expect(stderr).toContain("'--onse'")
  })

  test('it prints every option with --help', async () => {
    const { code, stdout } = await start(['--help'])
    expect(code).toBe(0)
    for (const option of ['once', 'json', 'chain-port', 'bundler-port', 'paymaster-port']) {
      expect(stdout).toContain(`--${option}`)
    }
  })
})
