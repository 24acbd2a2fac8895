import { describe, expect, test } from 'vitest'
import type { TopUpState } from './planTopUp.ts'
import { planTopUp } from './planTopUp.ts'

const rules = { below: 100n, to: 300n, dayMax: 1_000n, cooldown: 600 }
const now = 1_000_000
const vault = { available: 5_000n, dailyCap: 5_000n, balance: 9_000n }
const earlier = (overrides: Partial<TopUpState['recent'][number]>) => ({
  isThisOne: true,
  amount: 200n,
  at: now - 3_600,
  underWay: false,
  ...overrides,
})
const plan = (state: Partial<TopUpState>) =>
  planTopUp(rules, { now, deposit: 99n, vault, recent: [], ...state })

describe('planTopUp', () => {
  test.each([
    { deposit: 100n, expected: { kind: 'none', reason: 'enough' } },
    { deposit: 99n, expected: { kind: 'topUp', amount: 201n } },
    { deposit: 0n, expected: { kind: 'topUp', amount: 300n } },
  ])('a deposit of $deposit: $expected', ({ deposit, expected }) => {
    expect(plan({ deposit })).toEqual(expected)
  })

  test.each([
    { name: 'budget of the paymaster', vault: { ...vault, available: 50n }, amount: 50n },
    { name: 'balance', vault: { ...vault, balance: 60n }, amount: 60n },
    { name: 'cap on the deposit', vault: { ...vault, dailyCap: 149n }, amount: 50n },
  ])("no more than the vault's $name", ({ vault, amount }) => {
    expect(plan({ vault })).toEqual({ kind: 'topUp', amount })
  })

  test.each([
    { vault: { ...vault, dailyCap: 0n, available: 0n }, reason: 'does not list' },
    { vault: { ...vault, balance: 0n }, reason: 'is empty' },
    { vault: { ...vault, available: 0n }, reason: 'is used up' },
    { vault: { ...vault, dailyCap: 99n }, reason: 'no deposit above 99' },
  ])('what the vault refuses is told: $reason', ({ vault, reason }) => {
    expect(plan({ vault })).toEqual({ kind: 'blocked', reason: expect.stringContaining(reason) })
  })

  test.each([
    { at: now - 599, kind: 'none' },
    { at: now - 600, kind: 'topUp' },
  ])('after a cool-down of 600 seconds: $at is $kind', ({ at, kind }) => {
    expect(plan({ recent: [earlier({ at })] })).toMatchObject({ kind })
  })

  test('the cool-down is of each paymaster; one under way holds up all', () => {
    expect(plan({ recent: [earlier({ isThisOne: false, at: now })] })).toMatchObject({
      kind: 'topUp',
    })
    expect(plan({ recent: [earlier({ isThisOne: false, underWay: true })] })).toEqual({
      kind: 'none',
      reason: 'underWay',
    })
  })

  test.each([
    { amount: 900n, at: now - 86_399, expected: { kind: 'topUp', amount: 100n } },
    { amount: 1_000n, at: now - 86_399, expected: { kind: 'blocked' } },
    { amount: 1_000n, at: now - 86_400, expected: { kind: 'topUp', amount: 201n } },
  ])('a day has 1,000 wei: $amount at $at', ({ amount, at, expected }) => {
    expect(plan({ recent: [earlier({ isThisOne: false, amount, at })] })).toMatchObject(expected)
  })
})
