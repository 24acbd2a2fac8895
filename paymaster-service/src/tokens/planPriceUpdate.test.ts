import { describe, expect, test } from 'vitest'
import type { PriceUpdateState } from './planPriceUpdate.ts'
import { planPriceUpdate } from './planPriceUpdate.ts'

const now = 1_000_000
const clock = 2_000_000
const plan = (state: Partial<PriceUpdateState>, dayMax = 1_000n) =>
  planPriceUpdate(
    { dayMax },
    { now, validUntil: now, next: { validUntil: now + 3_600 }, clock, recent: [], ...state },
  )
const earlier = (overrides: Partial<PriceUpdateState['recent'][number]>) => ({
  isThisOne: true,
  amount: 100n,
  at: clock - 3_600,
  underWay: false,
  ...overrides,
})

describe('planPriceUpdate', () => {
  test.each([
    { left: 600, kind: 'none' },
    { left: 599, kind: 'update' },
    { left: -5_000, kind: 'update' },
  ])('a price that holds $left s more: $kind', ({ left, kind }) => {
    expect(plan({ validUntil: now + left })).toMatchObject({ kind })
  })

  test('a price that there never was is updated', () => {
    expect(plan({ validUntil: 0 })).toEqual({ kind: 'update' })
  })

  test.each([
    { kept: 300, next: 359, kind: 'blocked' },
    { kept: 300, next: 360, kind: 'update' },
    // What has ended already counts from now on.
    { kept: -1_000, next: 59, kind: 'blocked' },
    { kept: -1_000, next: 60, kind: 'update' },
  ])('until $kept s, and $next s by its feeds: $kind', ({ kept, next, kind }) => {
    const state = { validUntil: now + kept, next: { validUntil: now + next } }
    expect(plan(state)).toMatchObject({ kind })
  })

  test('what the contract refuses is told', () => {
    expect(plan({ next: { error: 'TokenPaymasterFeedStale' } })).toEqual({
      kind: 'blocked',
      reason: 'updatePrice reverts with TokenPaymasterFeedStale',
    })
  })

  test.each([
    { at: clock - 239, kind: 'none' },
    { at: clock - 240, kind: 'update' },
  ])('after a cool-down of 240 seconds: $at is $kind', ({ at, kind }) => {
    expect(plan({ recent: [earlier({ at })] })).toMatchObject({ kind })
    expect(plan({ recent: [earlier({ at, isThisOne: false })] })).toMatchObject({ kind: 'update' })
  })

  test('one under way holds up all', () => {
    expect(plan({ recent: [earlier({ isThisOne: false, underWay: true })] })).toEqual({
      kind: 'none',
      reason: 'underWay',
    })
  })

  test.each([
    { amount: 999n, dayMax: 1_000n, kind: 'update' },
    { amount: 1_000n, dayMax: 1_000n, kind: 'blocked' },
    { amount: 0n, dayMax: 0n, kind: 'blocked' },
  ])('$amount of $dayMax wei spent: $kind', ({ amount, dayMax, kind }) => {
    expect(plan({ recent: [earlier({ amount, isThisOne: false })] }, dayMax)).toMatchObject({
      kind,
    })
  })
})
