import { describe, expect, test } from 'vitest'
import { addGasUse, gasPast, noGasUse } from './gasUse.ts'
import type { GasLimits, GasPast } from './unusedGas.ts'
import { checkGasLimits, checkUnusedGas } from './unusedGas.ts'

const asked: GasLimits = {
  callGasLimit: 100_000n,
  verificationGasLimit: 60_000n,
  preVerificationGas: 40_000n,
}

describe('checkGasLimits', () => {
  test.each<{ limits: Parameters<typeof checkGasLimits>[0]; message: string | undefined }>([
    { limits: undefined, message: undefined },
    { limits: {}, message: undefined },
    { limits: { callGasLimit: 100_000, preVerificationGas: 40_000 }, message: undefined },
    { limits: { callGasLimit: 99_999 }, message: 'callGasLimit 100000 is above 99999' },
    { limits: { verificationGasLimit: 0 }, message: 'verificationGasLimit 60000 is above 0' },
    { limits: { preVerificationGas: 39_999 }, message: 'preVerificationGas 40000 is above 39999' },
  ])('$limits: $message', ({ limits, message }) => {
    expect(checkGasLimits(limits, asked)?.message).toBe(message && `gas.limit: ${message}`)
  })
})

describe('checkUnusedGas', () => {
  const estimate = (callGasLimit: bigint): GasLimits => ({ ...asked, callGasLimit })
  const past = (changes: Partial<GasPast> = {}): GasPast => ({
    operations: 3,
    granted: 1_000,
    used: 500,
    resetsAt: 99,
    ...changes,
  })
  const remembered = { operations: 3, seconds: 3_600 }

  test.each<{
    name: string
    given?: GasLimits
    before?: GasPast
    maxPercent?: number
    rule: string | undefined
  }>([
    { name: 'no estimate, no past', rule: undefined },
    // 25 percent of 200,000 are 50,000.
    { name: 'a quarter above the estimate', given: estimate(50_000n), rule: undefined },
    { name: 'one gas more', given: estimate(49_999n), rule: 'gas.unused' },
    { name: 'less than the estimate', given: estimate(200_000n), rule: undefined },
    {
      name: 'all unused, where all may be',
      given: { callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n },
      maxPercent: 100,
      rule: undefined,
    },
    { name: 'half unused before', before: past(), rule: 'gas.unused-before' },
    { name: 'a quarter unused before', before: past({ used: 750 }), rule: undefined },
    { name: 'one gas more before', before: past({ used: 749 }), rule: 'gas.unused-before' },
    { name: 'too few operations before', before: past({ operations: 2 }), rule: undefined },
  ])('$name: $rule', ({ given, before, maxPercent = 25, rule }) => {
    const refusal = checkUnusedGas({ maxPercent, remembered }, asked, given, before)
    expect(refusal?.rule).toBe(rule)
    if (rule === 'gas.unused-before') expect(refusal?.resetsAt).toBe(99)
  })

  test('without the rule, or without memory, nothing is asked', () => {
    expect(checkUnusedGas(undefined, asked, estimate(0n), past())).toBeUndefined()
    expect(checkUnusedGas({ maxPercent: 1 }, asked, undefined, past())).toBeUndefined()
  })
})

test('what a sender used is forgotten after the window', () => {
  const first = addGasUse(noGasUse, { granted: 100, used: 40 }, 1_600, 10_000)
  const both = addGasUse(first, { granted: 200, used: 160 }, 1_600, 10_800)
  expect(gasPast(both, 1_600, 11_000)).toMatchObject({ operations: 2, granted: 300, used: 200 })
  const { resetsAt } = gasPast(both, 1_600, 11_000)
  expect(gasPast(both, 1_600, resetsAt)).toMatchObject({ operations: 1, granted: 200, used: 160 })
  expect(gasPast(both, 1_600, 20_000)).toMatchObject({ operations: 0, granted: 0, used: 0 })
})
