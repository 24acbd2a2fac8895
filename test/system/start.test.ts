import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

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
    refusal: { rule: string; remaining: string | null; resetsAt: number | null } | null
  }[]
  balances: Record<string, Record<string, string>>
  budgets: Record<string, Record<BudgetAmount, string> & { operations: number; resetsAt: number }>
  checks: { name: string; left: string; right: string; ok: boolean }[]
}

type BudgetAmount = 'budget' | 'free' | 'reserved' | 'settled' | 'charged'

describe('start --once --json', () => {
  let ended: Awaited<ReturnType<typeof start>>
  let report: Report
  const operationsOf = (app: 'demo' | 'small') =>
    report.steps.filter(
      ({ name, userOpHash }) =>
        userOpHash !== null && name.startsWith('small app') === (app === 'small'),
    )
  beforeAll(async () => {
    ended = await start(['--once', '--json', ...freePorts])
    expect(ended.code, ended.stderr).toBe(0)
    report = JSON.parse(ended.stdout) as Report
  })

  test('it prints one object: every step passed, nobody but the sponsors paid', () => {
    expect(Object.keys(report)).toEqual(['ok', 'steps', 'balances', 'budgets', 'checks'])
    expect(report.ok).toBe(true)
    expect(report.steps.filter(({ ok }) => !ok)).toEqual([])

    expect(operationsOf('demo')).toHaveLength(15)
    const operations = [...operationsOf('demo'), ...operationsOf('small')]
    const hashes = operations.map(({ userOpHash }) => userOpHash)
    expect(new Set(hashes).size).toBe(operations.length)
    for (const { name, gasUsed } of operations)
      expect(Number(gasUsed), name).toBeGreaterThan(50_000)
    // One sponsor for each EntryPoint: that of 0.8 and, for the small app's user, of 0.9.
    for (const app of ['demo', 'small'] as const)
      expect(new Set(operationsOf(app).map(({ payer }) => payer)).size, app).toBe(1)
    expect(new Set(operations.map(({ payer }) => payer)).size).toBe(2)

    expect(report.balances).toMatchObject({
      eth: { host: '0', renter: '0', guest: '0' },
      // 85 / 10 / 5 of 1.25 USDC for 2,500 tokens and of 1 USDC for the job.
      usdc: { host: '1912500', renter: '7750000', protocolFees: '225000', stakersFees: '112500' },
      fab: { hostStake: '1000000000000000000000' },
    })
    expect(ended.stderr).toContain('SessionKeyNotActiveError')
    expect(ended.stderr).toMatch(/paymaster service +\S+ for EntryPoints 0\.7, 0\.8, 0\.9/)
  })

  test('the small app pays until its budget is used up, and is then refused before anything is sent', () => {
    const paid = operationsOf('small').length
    expect(paid).toBeGreaterThan(0)
    const [refused, ...others] = report.steps.filter(({ refusal }) => refusal !== null)
    expect(others).toEqual([])
    expect(report.steps.at(-1)).toEqual(refused)
    expect(refused).toMatchObject({ ok: true, userOpHash: null, gasUsed: null, payer: null })
    const { budgets, balances } = report
    expect(refused?.refusal).toEqual({
      rule: 'global.cap',
      remaining: budgets.small?.free,
      resetsAt: budgets.small?.resetsAt,
    })
    expect(budgets.small?.resetsAt).toBeGreaterThan(Date.now() / 1_000)
    expect(ended.stderr).toContain('SponsorRefusedError: rule global.cap, remaining ')
    // Ten USDC, one for each job that was posted: none for the one that was refused.
    expect(balances.usdc?.guest).toBe(`${(10 - paid) * 1_000_000}`)
  })

  test('the budget of each app is free, reserved or charged on the chain, to the wei', () => {
    expect(Object.keys(report.budgets)).toEqual(['demo', 'small'])
    let settledOfAll = 0n
    for (const [app, { operations, ...budget }] of Object.entries(report.budgets)) {
      const [total, free, reserved, settled, charged] = (
        ['budget', 'free', 'reserved', 'settled', 'charged'] as const
      ).map((name) => BigInt(budget[name]))
      expect(total, app).toBe((free ?? 0n) + (reserved ?? 0n) + (settled ?? 0n))
      expect(settled, app).toBe(charged)
      expect(settled, app).toBeGreaterThan(0n)
      expect(operations, app).toBe(operationsOf(app as 'demo' | 'small').length)
      settledOfAll += settled ?? 0n
    }
    expect(`${settledOfAll}`).toBe(report.balances.eth?.sponsorPaid)
    // The session is well within the budget of its app.
    const { budget = '0', settled = '0' } = report.budgets.demo ?? {}
    expect(BigInt(settled) * 100n).toBeLessThan(BigInt(budget))
    expect(report.checks.filter(({ ok, left, right }) => !ok || left !== right)).toEqual([])
    expect(report.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'demo: budget = free + reserved + settled (wei)',
        'small: budget = free + reserved + settled (wei)',
        'demo: settled = Σ actualGasCost (wei)',
        'small: settled = Σ actualGasCost (wei)',
      ]),
    )
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
    for (const member of ['ok', 'steps', 'balances', 'budgets', 'checks'])
      expect(stdout).toMatch(new RegExp(`^ +${member} `, 'm'))
    expect(stdout).toContain('refusal {rule, remaining, resetsAt}')
  })
})
