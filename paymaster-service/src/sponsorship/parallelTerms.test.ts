import { size } from 'viem'
import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../policy/policy.ts'
import { testPolicy } from '../testing/fixtures.ts'
import { chooseTerms, encodeTerms, readTerms } from './parallelTerms.ts'

const policy = parsePolicy(testPolicy())
const policyHash = policy.onChainHash
const offered = { validAfter: 9_940, validUntil: 10_600 }

test('terms of 28 bytes are read as they were written, others are not', () => {
  const terms = { policyHash, ...offered } as const
  const data = encodeTerms(terms)
  expect(size(data)).toBe(28)
  expect(readTerms(data)).toEqual(terms)
  expect(readTerms(`${data}00`)).toBeUndefined()
  expect(readTerms('0x')).toBeUndefined()
})

describe('chooseTerms', () => {
  test.each([
    { name: 'offered now', validAfter: 9_940, validUntil: 10_600, ok: true },
    { name: 'offered nine minutes ago', validAfter: 9_400, validUntil: 10_060, ok: true },
    { name: 'ending too soon', validAfter: 9_399, validUntil: 10_059, ok: false },
    { name: 'a second ahead of its time', validAfter: 9_941, validUntil: 10_601, ok: false },
    { name: 'longer than offered', validAfter: 9_000, validUntil: 10_600, ok: false },
    { name: 'shorter than offered', validAfter: 9_940, validUntil: 10_100, ok: false },
    { name: 'empty', validAfter: 10_600, validUntil: 10_600, ok: false },
    { name: 'without end', validAfter: 0, validUntil: 0, ok: false },
    { name: 'in blocks', validAfter: 2 ** 47, validUntil: 2 ** 47 + 660, ok: false },
  ])('a window $name: $ok', ({ validAfter, validUntil, ok }) => {
    const data = encodeTerms({ policyHash, validAfter, validUntil })
    const chosen = chooseTerms(data, [policy], offered, 10_060)
    if (chosen.kind === 'refused') expect(chosen.refusal.rule).toBe('parallel.window')
    else expect(chosen).toMatchObject({ policies: [policy], window: { validAfter, validUntil } })
    expect(chosen.kind).toBe(ok ? 'chosen' : 'refused')
  })

  test('another policy than those of the key, and data of another form, are refused', () => {
    const other = { policyHash: '0x00112233445566778899aabbccddeeff', ...offered } as const
    for (const data of [encodeTerms(other), '0x', `0x${'11'.repeat(93)}`] as const)
      expect(chooseTerms(data, [policy], offered, 10_060)).toMatchObject({
        refusal: { rule: 'parallel.terms' },
      })
  })
})
