import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { storeAreas } from '../composition/storeAreas.ts'
import { openStore } from '../store/openStore.ts'
import type { Store } from '../store/store.ts'
import type { TestDatabase } from '../testing/postgresDatabase.ts'
import { createTestDatabase, startPostgres } from '../testing/postgresDatabase.ts'
import type { RateTables } from './rateTables.ts'
import type { CountedRate, RequestCounter } from './requestCounter.ts'
import { createRequestCounter } from './requestCounter.ts'
import { createSharedRequestCounter } from './sharedRequestCounter.ts'

const rate = { requests: 3, seconds: 16 }
const keyRate = (subject = 'a'): CountedRate => ({ rule: 'key.rate', rate, subject })

let database: TestDatabase
let stores: [Store, Store]

beforeAll(async () => {
  await startPostgres()
  database = await createTestDatabase()
  stores = [
    await openStore(database.location, storeAreas),
    await openStore(database.location, storeAreas),
  ]
}, 120_000)
afterAll(async () => {
  for (const store of stores) await store.close()
  await database.drop()
})
beforeEach(async () => {
  await sums(stores[0]).deleteFrom('request_sums').execute()
})

const sums = (store: Store) => store.db.withTables<RateTables>()

describe.each([
  { name: 'in memory', create: () => createRequestCounter() },
  { name: 'in PostgreSQL', create: () => createSharedRequestCounter(stores[0]) },
])('counted $name', ({ create }) => {
  let count: RequestCounter
  beforeEach(() => {
    count = create()
  })

  test('requests that come at once are taken all or not at all', async () => {
    const now = 0
    expect(await count([keyRate()], { now, requests: 2 })).toBeUndefined()
    expect(await count([keyRate()], { now, requests: 2 })).toMatchObject({
      rule: 'key.rate',
      remaining: 1n,
      resetsAt: 17,
    })
    expect(await count([keyRate()], { now, requests: 1 })).toBeUndefined()
    expect(await count([keyRate('b')], { now, requests: 3 })).toBeUndefined()
    expect((await count([keyRate()], { now: 16.9 }))?.rule).toBe('key.rate')
    expect(await count([keyRate()], { now: 17, requests: 3 })).toBeUndefined()
  })

  test('more than a window has are never allowed, and take nothing', async () => {
    expect(await count([keyRate()], { now: 0, requests: 4 })).toMatchObject({
      message: 'key.rate: 0 of 3 requests in 16 seconds have been made, and 4 more came',
      resetsAt: null,
    })
    expect(await count([keyRate()], { now: 0, requests: 3 })).toBeUndefined()
  })

  test('what one rate refuses is not counted by another, and what is only asked by none', async () => {
    const rates: CountedRate[] = [
      { rule: 'rate.key', rate, subject: 'key' },
      { rule: 'rate.user', rate: { requests: 1, seconds: 16 }, subject: 'sender' },
    ]
    for (let index = 0; index < 5; index++)
      expect(await count(rates, { now: 0, counts: false })).toBeUndefined()
    expect(await count(rates, { now: 0 })).toBeUndefined()
    for (let index = 0; index < 5; index++)
      expect((await count(rates, { now: 0 }))?.rule).toBe('rate.user')
    expect(await count(rates.slice(0, 1), { now: 0, requests: 2 })).toBeUndefined()
  })
})

test('instances that share a store share its rates: of 80 requests that two hear in pairs, 50 are allowed', async () => {
  const counters = stores.map((store) => createSharedRequestCounter(store))
  const rates: CountedRate[] = [
    { rule: 'rate.key', rate: { requests: 55, seconds: 60 }, subject: 'key' },
    { rule: 'rate.user', rate: { requests: 50, seconds: 60 }, subject: 'sender' },
  ]
  const refusals = []
  for (let pair = 0; pair < 40; pair++) {
    // In another order each: neither waits for the other for ever.
    const asked = counters.map((count, index) =>
      count(index === 0 ? rates : rates.toReversed(), { now: 1_000 }),
    )
    refusals.push(...(await Promise.all(asked)).filter((refusal) => refusal !== undefined))
  }
  expect(refusals).toHaveLength(30)
  expect(new Set(refusals.map(({ rule }) => rule))).toEqual(new Set(['rate.user']))
  // A process that starts later knows of them too.
  const later = createSharedRequestCounter(stores[1])
  expect((await later(rates, { now: 1_000 }))?.rule).toBe('rate.user')
  expect(await later(rates.slice(0, 1), { now: 1_000, requests: 5 })).toBeUndefined()
  expect((await later(rates.slice(0, 1), { now: 1_000 }))?.rule).toBe('rate.key')
})

test('what is over is forgotten', async () => {
  const count = createSharedRequestCounter(stores[0])
  await count([keyRate('old')], { now: 1_000 })
  // It looks for what is over with its first request, and then with every thousandth.
  await createSharedRequestCounter(stores[1])([keyRate('new')], { now: 1_016 })
  const names = async () =>
    (await sums(stores[0]).selectFrom('request_sums').select('name').execute()).map(
      ({ name }) => name,
    )
  expect((await names()).sort()).toEqual(['key.rate 16 new', 'key.rate 16 old'])
  await createSharedRequestCounter(stores[1])([keyRate('new')], { now: 1_018 })
  await expect.poll(names).toEqual(['key.rate 16 new'])
})
