import { describe, expect, test } from 'vitest'
import type { Balance, Entry } from './accounts.ts'
import { commitments, isZero, movements } from './accounts.ts'

const entry = (overrides: Partial<Entry> = {}): Entry => ({
  globalBuckets: ['g'],
  userBuckets: ['u'],
  amount: 100n,
  price: 10n ** 18n,
  state: 'reserved',
  cost: 0n,
  ...overrides,
})
const amount = (wei = 0n, operations = 0, microUsd = wei) => ({ wei, microUsd, operations })
const balance = (overrides: Partial<Balance> = {}): Balance => ({
  reserved: amount(),
  settled: amount(),
  expired: 0,
  ...overrides,
})

describe('commitments of one nonce', () => {
  test.each<{ name: string; entries: Entry[]; global: Balance; user?: Balance }>([
    { name: 'one', entries: [entry()], global: balance({ reserved: amount(100n, 1) }) },
    {
      name: 'of two the larger',
      entries: [entry(), entry({ amount: 130n })],
      global: balance({ reserved: amount(130n, 1) }),
    },
    {
      name: 'the larger in each unit',
      entries: [entry(), entry({ amount: 60n, price: 3n * 10n ** 18n })],
      global: balance({ reserved: amount(100n, 1, 180n) }),
    },
    {
      name: 'one that is settled is one operation, also beside one that is reserved',
      entries: [entry({ state: 'settled', cost: 40n }), entry()],
      global: balance({ reserved: amount(100n, 0), settled: amount(40n, 1) }),
    },
    {
      name: 'without a price nothing in USD',
      entries: [entry({ price: undefined })],
      global: balance({ reserved: amount(100n, 1, 0n) }),
    },
    { name: 'released', entries: [entry({ state: 'released' })], global: balance() },
    {
      name: 'expired counts for the sender only',
      entries: [entry({ state: 'expired' }), entry({ state: 'expired' })],
      global: balance(),
      user: balance({ expired: 1 }),
    },
    {
      name: 'expired and asked again',
      entries: [entry({ state: 'expired' }), entry()],
      global: balance({ reserved: amount(100n, 1) }),
    },
  ])('$name', ({ entries, global, user = global }) => {
    expect(commitments(entries)).toEqual(
      new Map([
        ['g', global],
        ['u', user],
      ]),
    )
  })

  test('each window has the signatures of its own time', () => {
    const [early, late] = [entry({ globalBuckets: ['mon'] }), entry({ globalBuckets: ['tue'] })]
    const held = balance({ reserved: amount(100n, 1) })
    expect(commitments([early, late])).toEqual(
      new Map([
        ['mon', held],
        ['tue', held],
        ['u', held],
      ]),
    )
  })
})

test('movements are what was added less what was there; nothing moves when nothing changes', () => {
  const settled = entry({ state: 'settled', cost: 40n })
  expect(movements([entry()], [settled]).get('g')).toEqual(
    balance({ reserved: amount(-100n, -1), settled: amount(40n, 1) }),
  )
  for (const moved of movements([settled], [settled]).values()) expect(isZero(moved)).toBe(true)
})
