import type { Entity } from '@fabstir/erc4337'
import { describe, expect, test } from 'vitest'
import { testAddress } from '../testing/pooledOperation.ts'
import type { OperationEntity } from './blame.ts'
import { blame, blameForChange, effectOfOutcast, effectOnAll, ratedEntities } from './blame.ts'

const addresses: Record<Entity, `0x${string}`> = {
  account: testAddress(1),
  factory: testAddress(2),
  paymaster: testAddress(3),
  aggregator: testAddress(4),
}
/** Entities by role; `*` marks staked ones. */
const entities = (...roles: string[]): OperationEntity[] =>
  roles.map((text) => {
    const role = text.replace('*', '') as Entity
    return { role, address: addresses[role], staked: text.endsWith('*') }
  })
/** Effects by role. */
const effects = (updates: readonly { address: string; effect: string }[]) =>
  Object.fromEntries(
    updates.map(({ address, effect }) => [
      Object.entries(addresses).find(([, known]) => known === address)?.[0],
      effect,
    ]),
  )

test('staked entities and paymasters are rated, other factories and accounts are not', () => {
  expect(ratedEntities(entities('account', 'factory', 'paymaster'))).toMatchObject([
    { role: 'paymaster' },
  ])
  expect(ratedEntities(entities('account*', 'factory*', 'paymaster*'))).toHaveLength(3)
  expect(effects(effectOnAll(entities('account*', 'paymaster'), 'seen'))).toEqual({
    account: 'seen',
    paymaster: 'seen',
  })
})

describe('blame at the second validation: the culprit stays seen, the others are as if unseen', () => {
  test.each([
    // [EREP-015]
    { rule: 'AA23', of: ['account', 'paymaster'], expected: { paymaster: 'unseen' } },
    { rule: 'AA13', of: ['account', 'factory', 'paymaster*'], expected: { paymaster: 'unseen' } },
    { rule: 'eip7702Nonce', of: ['account', 'paymaster'], expected: { paymaster: 'unseen' } },
    { rule: 'AA33', of: ['account', 'paymaster'], expected: {} },
    { rule: 'AA51', of: ['account', 'paymaster'], expected: {} },
    // [EREP-016]
    { rule: 'AA33', of: ['paymaster', 'aggregator*'], expected: { aggregator: 'unseen' } },
    { rule: 'AA23', of: ['account*', 'aggregator*'], expected: { aggregator: 'unseen' } },
    // [EREP-020]
    { rule: 'AA23', of: ['account', 'factory*', 'paymaster'], expected: { paymaster: 'unseen' } },
    { rule: 'AA24', of: ['account*', 'factory*'], expected: { account: 'unseen' } },
    // [EREP-030]
    { rule: 'AA31', of: ['account*', 'paymaster*'], expected: { paymaster: 'unseen' } },
    {
      rule: 'AA33',
      of: ['account*', 'factory*', 'paymaster'],
      expected: { paymaster: 'unseen', factory: 'unseen' },
    },
    // Somebody was faster.
    {
      rule: 'AA25',
      of: ['account*', 'factory*', 'paymaster'],
      expected: { account: 'unseen', factory: 'unseen', paymaster: 'unseen' },
    },
    { rule: 'AA10', of: ['factory*'], expected: { factory: 'unseen' } },
    { rule: 'evicted', of: ['paymaster'], expected: { paymaster: 'unseen' } },
    // Nobody is accused.
    { rule: 'AA95', of: ['account*', 'paymaster'], expected: {} },
    { rule: 'expired', of: ['account*', 'paymaster'], expected: {} },
  ])('$rule of $of: $expected', ({ rule, of, expected }) => {
    expect(effects(blame(entities(...of), { rule, phase: 'secondValidation' }))).toEqual(expected)
  })

  test('a rule that is no AA code accuses the entity that it names', () => {
    const of = entities('account', 'factory*', 'paymaster')
    expect(effects(blame(of, { rule: 'STO-021', accused: 'account' }))).toEqual({
      paymaster: 'unseen',
    })
    expect(effects(blame(of, { rule: 'OP-011', accused: 'paymaster' }))).toEqual({
      factory: 'unseen',
    })
  })
})

describe('[GREP-040] blame in the bundle: the culprit is banned', () => {
  test.each([
    {
      rule: 'AA23',
      of: ['account', 'factory*', 'paymaster'],
      expected: { factory: 'ban', paymaster: 'unseen' },
    },
    { rule: 'AA33', of: ['account', 'paymaster'], expected: { paymaster: 'ban' } },
    {
      rule: 'AA33',
      of: ['account*', 'paymaster'],
      expected: { account: 'ban', paymaster: 'unseen' },
    },
    // An unstaked account can harm nobody but itself.
    { rule: 'AA23', of: ['account', 'paymaster'], expected: { paymaster: 'unseen' } },
    { rule: 'AA25', of: ['account*'], expected: { account: 'unseen' } },
  ])('$rule of $of: $expected', ({ rule, of, expected }) => {
    expect(effects(blame(entities(...of), { rule, phase: 'bundleCreation' }))).toEqual(expected)
  })
})

test('an outcast stays seen, who was with it is not', () => {
  const of = entities('account*', 'paymaster')
  expect(effects(effectOfOutcast(of, addresses.paymaster))).toEqual({ account: 'unseen' })
})

describe('blameForChange', () => {
  const figures = (account: bigint, contextSize = 0) => ({ gasUsed: { account }, contextSize })

  test.each([
    { after: 90n, throttled: {} },
    { after: 89n, throttled: { account: 'throttle' } },
    { after: 200n, throttled: {} },
  ])('[EREP-070] a staked account that used 100 gas and now $after: $throttled', (row) => {
    const change = { before: figures(100n), after: figures(row.after) }
    expect(effects(blameForChange(entities('account*'), change, false))).toEqual(row.throttled)
    expect(blameForChange(entities('account'), change, false)).toEqual([])
  })

  test('[EREP-070] gas that is not known, or that another entity saved, blames nobody', () => {
    const staked = entities('account*', 'factory*', 'paymaster*')
    const unknown = { before: figures(100n), after: { contextSize: 0 } }
    expect(blameForChange(staked, unknown, false)).toEqual([])
    const ofPaymaster = {
      before: { gasUsed: { account: 100n, paymaster: 100n, factory: 100n }, contextSize: 0 },
      // The account is deployed meanwhile: its factory is not asked.
      after: { gasUsed: { account: 100n, paymaster: 1n }, contextSize: 0 },
    }
    expect(effects(blameForChange(staked, ofPaymaster, false))).toEqual({ paymaster: 'throttle' })
  })

  test.each([
    { contextSize: 33, bundleReverted: true, expected: { paymaster: 'ban' } },
    { contextSize: 32, bundleReverted: true, expected: {} },
    { contextSize: 33, bundleReverted: false, expected: {} },
  ])('[EREP-055] a context of 32 bytes, then $contextSize, reverted $bundleReverted', (row) => {
    const change = { before: figures(1n, 32), after: figures(1n, row.contextSize) }
    const updates = blameForChange(entities('account', 'paymaster'), change, row.bundleReverted)
    expect(effects(updates)).toEqual(row.expected)
  })
})
