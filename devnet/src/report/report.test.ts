import { describe, expect, test } from 'vitest'
import { type DemoReport, type DemoStep, isOk, toJson } from './demoReport.ts'
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
  ...fields,
})

const report = (fields: Partial<DemoReport> = {}): DemoReport => ({
  steps: [step(), step({ name: 'sign a voucher', userOpHash: null, gasUsed: null, payer: null })],
  balances: [
    { key: 'usdc.host', label: 'host', amount: 850_000n, decimals: 6, symbol: 'USDC' },
    { key: 'usdc.renter', label: 'renter', amount: 1n, decimals: 6, symbol: 'USDC' },
  ],
  checks: [{ name: 'USDC in = USDC out', left: 3n, right: 3n }],
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

test('toJson: it holds ok, steps and balances, with amounts as text', () => {
  expect(toJson(report())).toEqual({
    ok: true,
    steps: [
      {
        name: 'register the host',
        ok: true,
        userOpHash: `0x${'ab'.repeat(32)}`,
        gasUsed: '412345',
        payer: '0x00000000000000000000000000000000000000aa',
        latencyMs: 84,
      },
      {
        name: 'sign a voucher',
        ok: true,
        userOpHash: null,
        gasUsed: null,
        payer: null,
        latencyMs: 84,
      },
    ],
    balances: { usdc: { host: '850000', renter: '1' } },
  })
})

test('renderReport: it shows gas, payer by name and each equation', () => {
  const text = renderReport(
    report({ checks: [{ name: 'USDC', left: 3n, right: 2n }] }),
    () => 'sponsor',
  )
  expect(text).toContain('412,345  sponsor  84  staked')
  expect(text).toContain('0xabababab…abab')
  expect(text).toContain('0.85')
  expect(text).toContain('✗ differs')
})
