import { describe, expect, test } from 'vitest'
import { type AppBudget, type DemoReport, type DemoStep, isOk, toJson } from './demoReport.ts'
import { renderReport } from './renderReport.ts'

const step = (fields: Partial<DemoStep> = {}): DemoStep => ({
  name: 'register the host',
  ok: true,
  userOpHash: `0x${'ab'.repeat(32)}`,
  gasUsed: 412_345n,
  gasCost: 5n,
  payer: '0x00000000000000000000000000000000000000aa',
  latencyMs: 84,
  note: 'staked',
  refusal: null,
  ...fields,
})

const budget = (fields: Partial<AppBudget> = {}): AppBudget => ({
  app: 'small',
  policyId: 'marketplace-small',
  window: 'month',
  resetsAt: 1_796_083_200,
  budget: 10n,
  free: 3n,
  reserved: 2n,
  settled: 5n,
  reported: 5n,
  operations: 2,
  charged: 5n,
  chargedOperations: 2,
  ...fields,
})

const report = (fields: Partial<DemoReport> = {}): DemoReport => ({
  steps: [step(), step({ name: 'sign a voucher', userOpHash: null, gasUsed: null, payer: null })],
  balances: [
    { key: 'usdc.host', label: 'host', amount: 850_000n, decimals: 6, symbol: 'USDC' },
    { key: 'usdc.renter', label: 'renter', amount: 1n, decimals: 6, symbol: 'USDC' },
  ],
  checks: [{ name: 'USDC in = USDC out', left: 3n, right: 3n }],
  budgets: [budget()],
  ...fields,
})

describe('isOk', () => {
  test.each([
    { name: 'all steps and equations hold', value: report(), ok: true },
    { name: 'one step failed', value: report({ steps: [step({ ok: false })] }), ok: false },
    {
      name: 'one wei is missing',
      value: report({ checks: [{ name: 'x', left: 3n, right: 2n }] }),
      ok: false,
    },
  ])('it is $ok when $name', ({ value, ok }) => {
    expect(isOk(value)).toBe(ok)
  })
})

test('toJson: it holds ok, steps, balances, budgets and checks, with amounts as text', () => {
  const refusal = { rule: 'global.cap', remaining: '3', resetsAt: 1_796_083_200 }
  const [first = step(), second = step()] = report().steps
  const steps = [first, { ...second, refusal }]
  expect(toJson(report({ steps }))).toEqual({
    ok: true,
    steps: [
      {
        name: 'register the host',
        ok: true,
        userOpHash: `0x${'ab'.repeat(32)}`,
        gasUsed: '412345',
        payer: '0x00000000000000000000000000000000000000aa',
        latencyMs: 84,
        refusal: null,
      },
      {
        name: 'sign a voucher',
        ok: true,
        userOpHash: null,
        gasUsed: null,
        payer: null,
        latencyMs: 84,
        refusal,
      },
    ],
    balances: { usdc: { host: '850000', renter: '1' } },
    budgets: {
      small: {
        policyId: 'marketplace-small',
        window: 'month',
        resetsAt: 1_796_083_200,
        budget: '10',
        free: '3',
        reserved: '2',
        settled: '5',
        charged: '5',
        operations: 2,
      },
    },
    checks: [{ name: 'USDC in = USDC out', left: '3', right: '3', ok: true }],
  })
})

test('renderReport: it shows gas, payer by name, budgets and each equation', () => {
  const text = renderReport(
    report({ checks: [{ name: 'USDC', left: 3n, right: 2n }] }),
    () => 'sponsor',
  )
  expect(text).toContain('412,345  sponsor  84  staked')
  expect(text).toContain('0xabababab…abab')
  expect(text).toContain('0.85')
  expect(text).toContain('✗ differs')
  expect(text).toMatch(/small +marketplace-small +a month +10 +3 +2 +5 +2\n/)
})
