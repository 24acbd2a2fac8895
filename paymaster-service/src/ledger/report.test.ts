import { beforeEach, expect, test } from 'vitest'
import {
  alice,
  bob,
  changes,
  charge,
  hash,
  request,
  start,
  terms,
} from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'
import type { UsageQuery } from './usageReport.ts'

const today = start - (start % 86_400)
const tomorrow = today + 86_400
const price = { kind: 'fresh', microUsdPerEther: 10n ** 18n } as const

onEveryStore((ledger) => {
  const report = (query: Partial<UsageQuery>) =>
    ledger().report({ groupBy: [], limit: 100, ...query })

  beforeEach(async () => {
    const reserve = (id: number, overrides: Partial<Parameters<typeof request>[0]>) =>
      ledger().reserve(request({ id: hash(id), nonce: BigInt(id), price, ...overrides }))
    const nextDay = { now: start + 86_400, keepUntil: start + 86_460 }
    const window = { validAfter: start, validUntil: start + 90_000 }
    await reserve(1, { selectors: ['0xaaaaaaaa', '0xbbbbbbbb', '0xaaaaaaaa'] })
    await reserve(2, { sender: bob, selectors: ['0xaaaaaaaa'] })
    // Replaced, and not sent yet: 70 wei are held back.
    await reserve(3, { ...nextDay, window, amount: 70n, policy: terms({}, 'q') })
    await ledger().reserve(
      request({ id: hash(4), nonce: 3n, ...nextDay, window, amount: 30n, policy: terms({}, 'q') }),
    )
    await reserve(5, {})
    await ledger().follow(
      changes({
        charges: [
          charge({ nonce: 1n }),
          charge({ nonce: 2n, sender: bob, cost: 2n, success: false }),
        ],
        expireBefore: start + 601,
      }),
    )
  })

  test('in sum', async () => {
    expect(await report({})).toEqual([
      {
        operations: 4,
        settled: 2,
        reverted: 1,
        expired: 1,
        reserved: 70n,
        cost: 42n,
        costMicroUsd: 42n,
      },
    ])
  })

  test('by day, newest first, and by policy', async () => {
    expect(await report({ groupBy: ['policy', 'day'] })).toMatchObject([
      { day: tomorrow, policyId: 'q', operations: 1, reserved: 70n, cost: 0n },
      { day: today, policyId: 'p', operations: 3, settled: 2, expired: 1, cost: 42n },
    ])
  })

  test('by sender', async () => {
    expect(await report({ groupBy: ['sender'], policyIds: ['p'] })).toMatchObject([
      { sender: alice, operations: 2, cost: 40n, expired: 1, reverted: 0 },
      { sender: bob, operations: 1, cost: 2n, expired: 0, reverted: 1 },
    ])
  })

  test('by selector: an operation counts once under each that it calls', async () => {
    expect(await report({ groupBy: ['selector'], until: start })).toMatchObject([
      { selector: '0x11111111', operations: 1, cost: 0n },
      { selector: '0xaaaaaaaa', operations: 2, cost: 42n },
      { selector: '0xbbbbbbbb', operations: 1, cost: 40n },
    ])
  })

  test.each<{ query: Partial<UsageQuery>; cost: bigint }>([
    { query: { sender: bob }, cost: 2n },
    { query: { selector: '0xbbbbbbbb' }, cost: 40n },
    { query: { selector: '0xaaaaaaaa', groupBy: ['selector'] }, cost: 42n },
    { query: { policyIds: ['p', 'q'], from: today, until: tomorrow }, cost: 42n },
    { query: { from: today, until: today + 1 }, cost: 42n },
    { query: { from: tomorrow }, cost: 0n },
  ])('of $query', async ({ query, cost }) => {
    expect(await report(query)).toMatchObject([{ cost }])
  })

  test('of nothing there are no lines; lines come in pages', async () => {
    expect(await report({ policyIds: ['z'], groupBy: ['policy'] })).toEqual([])
    expect(await report({ from: tomorrow + 86_400 })).toEqual([])
    const page = { groupBy: ['sender'], limit: 1 } as const
    expect(await report(page)).toMatchObject([{ sender: alice }])
    expect(await report({ ...page, offset: 1 })).toMatchObject([{ sender: bob }])
    expect(await report({ ...page, offset: 2 })).toEqual([])
  })
})
