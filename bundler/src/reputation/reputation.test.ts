import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Counts } from './reputation.ts'
import {
  decayReputation,
  opsAllowed,
  bundlerReputationParams as params,
  reputationStatus,
  withEffect,
} from './reputation.ts'

const counts = (opsSeen: bigint, opsIncluded = 0n): Counts => ({ opsSeen, opsIncluded })

describe('reputationStatus', () => {
  test.each([
    { opsSeen: 109n, status: 'ok' },
    { opsSeen: 110n, status: 'throttled' },
    { opsSeen: 509n, status: 'throttled' },
    { opsSeen: 510n, status: 'banned' },
  ])('$opsSeen seen, none included: $status', ({ opsSeen, status }) => {
    expect(reputationStatus(counts(opsSeen), params)).toBe(status)
  })

  test('included operations earn back the same allowance', () => {
    expect(reputationStatus(counts(510n, 50n), params)).toBe('ok')
    expect(reputationStatus(counts(510n, 40n), params)).toBe('throttled')
  })
})

describe('decayReputation', () => {
  test('every hour a 24th is forgotten, rounded down', () => {
    expect(decayReputation(counts(240n, 23n), 1)).toEqual(counts(230n, 22n))
    expect(decayReputation(counts(240n, 23n), 0)).toEqual(counts(240n, 23n))
  })

  test('some 1 % is left after four days, and a ban ends by decay alone', () => {
    expect(decayReputation(counts(10_000n), 96)).toEqual(counts(158n))
    expect(reputationStatus(decayReputation(counts(10_000n), 72), params)).toBe('throttled')
    expect(decayReputation(counts(10_000n), 24 * 10)).toEqual(counts(0n))
  })

  test('hours in one go or one by one are the same', () => {
    const count = fc.bigInt({ min: 0n, max: 1_000_000n })
    fc.assert(
      fc.property(count, count, fc.nat(100), fc.nat(100), (seen, included, a, b) => {
        expect(decayReputation(decayReputation(counts(seen, included), a), b)).toEqual(
          decayReputation(counts(seen, included), a + b),
        )
      }),
    )
  })
})

describe('withEffect', () => {
  test.each([
    { effect: 'seen', before: counts(1n, 1n), after: counts(2n, 1n) },
    { effect: 'unseen', before: counts(1n, 1n), after: counts(0n, 1n) },
    { effect: 'unseen', before: counts(0n), after: counts(0n) },
    { effect: 'included', before: counts(1n), after: counts(1n, 1n) },
    { effect: 'unincluded', before: counts(1n, 1n), after: counts(1n) },
    { effect: 'unincluded', before: counts(1n), after: counts(1n) },
    { effect: 'ban', before: counts(500n, 500n), after: counts(10_000n) },
    { effect: 'ban', before: counts(20_000n, 9n), after: counts(20_000n) },
    { effect: 'throttle', before: counts(5n, 2n), after: counts(130n, 2n) },
    { effect: 'throttle', before: counts(400n), after: counts(400n) },
  ] as const)('$effect of $before.opsSeen/$before.opsIncluded', ({ effect, before, after }) => {
    expect(withEffect(before, effect, params)).toEqual(after)
  })

  test('[GREP-040] a ban bans and [EREP-070] throttling throttles, whatever the past', () => {
    const count = fc.bigInt({ min: 0n, max: 5_000n })
    fc.assert(
      fc.property(count, count, (seen, included) => {
        const before = counts(seen, included)
        expect(reputationStatus(withEffect(before, 'ban', params), params)).toBe('banned')
        expect(reputationStatus(withEffect(before, 'throttle', params), params)).not.toBe('ok')
      }),
    )
  })
})

test.each([
  { seen: 0n, included: 0n, allowed: 10 },
  { seen: 10n, included: 1n, allowed: 10 },
  { seen: 10n, included: 10n, allowed: 20 },
  { seen: 100n, included: 50n, allowed: 35 },
  { seen: 20_000n, included: 20_000n, allowed: 10_010 },
])('[UREP-020] $included of $seen included: $allowed operations', ({ seen, included, allowed }) => {
  expect(opsAllowed(counts(seen, included))).toBe(allowed)
})
