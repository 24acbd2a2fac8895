import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseInUseError } from '@fabstir/sqlite'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { TestDatabase } from '../testing/postgresDatabase.ts'
import { createTestDatabase, startPostgres } from '../testing/postgresDatabase.ts'
import { StoreUnavailableError, StoreVersionError } from './errors.ts'
import type { StoreLocation } from './location.ts'
import { openStore } from './openStore.ts'
import type { Store, StoreArea, StoreDatabase } from './store.ts'

type Notes = { notes: { id: number; text: string; amount: string } }

const notes: StoreArea = {
  name: 'notes',
  migrations: [
    async (db) => {
      await db.schema
        .createTable('notes')
        .addColumn('id', 'bigint', (column) => column.primaryKey())
        .addColumn('text', 'text', (column) => column.notNull())
        .execute()
    },
    async (db) => {
      await db.schema
        .alterTable('notes')
        .addColumn('amount', 'text', (column) => column.notNull().defaultTo('0'))
        .execute()
    },
  ],
}
const firstVersion: StoreArea = { ...notes, migrations: notes.migrations.slice(0, 1) }

beforeAll(startPostgres, 120_000)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-store-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const databases: TestDatabase[] = []
const stores: Store[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  for (const database of databases.splice(0)) await database.drop()
})

let files = 0
const newLocation = {
  sqlite: async (): Promise<StoreLocation> => `sqlite:${join(folder, `${files++}`, 'store.db')}`,
  postgres: async () => (await newDatabase()).location,
}
async function newDatabase() {
  const database = await createTestDatabase()
  databases.push(database)
  return database
}
async function open(location: StoreLocation, areas: readonly StoreArea[] = [notes]) {
  const store = await openStore(location, areas)
  stores.push(store)
  return store
}
async function closed(store: Store) {
  stores.splice(stores.indexOf(store), 1)
  await store.close()
}
const put = (store: Store, id: number, amount = '0') =>
  store.transaction(async (trx) => {
    await trx.withTables<Notes>().insertInto('notes').values({ id, text: '', amount }).execute()
  })
const ids = async (store: Store) =>
  (await store.db.withTables<Notes>().selectFrom('notes').select('id').orderBy('id').execute()).map(
    ({ id }) => id,
  )

test('in postgres a migration takes as long as it takes, and nothing after it', async () => {
  const timeouts = async (db: StoreDatabase) => {
    const names = ['statement_timeout', 'lock_timeout']
    const asked = names.map(
      (name) => sql<{ value: string }>`select current_setting(${name}) as value`,
    )
    const answers = []
    for (const each of asked) answers.push((await each.execute(db)).rows[0]?.value)
    return answers
  }
  let during: unknown
  const looking: StoreArea = {
    name: 'looking',
    migrations: [
      async (db) => {
        during = await timeouts(db)
      },
    ],
  }
  const store = await open(await newLocation.postgres(), [looking])
  expect(during).toEqual(['0', '0'])
  expect(await timeouts(store.db)).toEqual(['15s', '10s'])
})

describe.each(['sqlite', 'postgres'] as const)('%s', (kind) => {
  test('it has what was committed when it is opened again', async () => {
    const location = await newLocation[kind]()
    const first = await open(location)
    await put(first, 2 ** 52)
    await closed(first)
    expect(await ids(await open(location))).toEqual([2 ** 52])
  })

  test('an older store is brought forward and keeps its rows', async () => {
    const location = await newLocation[kind]()
    const before = await open(location, [firstVersion])
    await before.db
      .withTables<{ notes: { id: number; text: string } }>()
      .insertInto('notes')
      .values({ id: 1, text: 'old' })
      .execute()
    await closed(before)
    const { db } = await open(location)
    expect(await db.withTables<Notes>().selectFrom('notes').selectAll().execute()).toEqual([
      { id: 1, text: 'old', amount: '0' },
    ])
  })

  test('a store of a newer service is refused, by area and versions', async () => {
    const location = await newLocation[kind]()
    await closed(await open(location))
    await expect(openStore(location, [firstVersion])).rejects.toThrow(
      new StoreVersionError('notes', 2, 1),
    )
    await expect(openStore(location, [])).rejects.toThrow(
      'tables of notes (version 2), which this service does not know',
    )
  })

  test('tables from before versions are refused', async () => {
    const location = await newLocation[kind]()
    const store = await open(location, [])
    await store.db.schema.createTable('sponsorships').addColumn('id', 'text').execute()
    await store.db.schema.dropTable('store_areas').execute()
    await closed(store)
    await expect(openStore(location, [notes])).rejects.toThrow('an earlier service')
  })

  test('a migration that fails leaves nothing behind', async () => {
    const location = await newLocation[kind]()
    const failing: StoreArea = {
      ...notes,
      migrations: [...notes.migrations, async () => Promise.reject(new Error('no room'))],
    }
    await expect(openStore(location, [failing])).rejects.toThrow('no room')
    expect(await ids(await open(location))).toEqual([])
  })

  test('a transaction that throws is undone', async () => {
    const store = await open(await newLocation[kind]())
    const failing = store.transaction(async (trx) => {
      await trx
        .withTables<Notes>()
        .insertInto('notes')
        .values({ id: 1, text: '', amount: '' })
        .execute()
      throw new Error('after the insert')
    })
    await expect(failing).rejects.toThrow('after the insert')
    expect(await ids(store)).toEqual([])
  })

  test('sums of decimal text are exact beyond 64 bits', async () => {
    const store = await open(await newLocation[kind]())
    const sum = async () =>
      (
        await store.db
          .withTables<Notes>()
          .selectFrom('notes')
          .select(store.exactSum('amount').as('sum'))
          .executeTakeFirstOrThrow()
      ).sum
    expect(await sum()).toBeNull()
    for (const [id, amount] of [2n ** 128n, 1n].entries()) await put(store, id, `${amount}`)
    expect(await sum()).toBe(`${2n ** 128n + 1n}`)
  })
})

test('a file is open in one process only', async () => {
  const location = await newLocation.sqlite()
  await open(location)
  await expect(openStore(location, [notes])).rejects.toThrow(DatabaseInUseError)
})

describe('postgres, for several instances', () => {
  test('of two that start together on an empty database, one makes the tables', async () => {
    const { location } = await newDatabase()
    const [one, two] = await Promise.all([open(location), open(location)])
    await put(one, 1)
    expect(await ids(two)).toEqual([1])
  })

  test('whoever holds a lock keeps the others waiting, in whatever order they name their locks', async () => {
    const { location } = await newDatabase()
    const [one, two] = await Promise.all([open(location), open(location)])
    const a = { kind: 'policy', name: 'a' } as const
    const b = { kind: 'operation', name: 'b' } as const
    // Each reads the sum and writes what it makes of it: only in turns is nothing lost.
    const count = (store: Store, locks: readonly (typeof a | typeof b)[]) =>
      store.transaction(async (trx) => {
        await store.lock(trx, locks)
        const tables = trx.withTables<Notes>()
        const rows = await tables.selectFrom('notes').select('id').execute()
        await tables.insertInto('notes').values({ id: rows.length, text: '', amount: '' }).execute()
      })
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 ? count(one, [a, b]) : count(two, [b, a]),
      ),
    )
    expect(await ids(one)).toEqual(Array.from({ length: 40 }, (_, index) => index))
  })

  test('a lock that is not given in time: the store cannot be used for now', async () => {
    const { location } = await newDatabase()
    const impatient = `${location}?lock_timeout=50` as StoreLocation
    const [holder, waiter] = [await open(location), await open(impatient)]
    const lock = { kind: 'policy', name: 'a' } as const
    await holder.transaction(async (trx) => {
      await holder.lock(trx, [lock])
      const waiting = waiter.transaction((other) => waiter.lock(other, [lock]))
      await expect(waiting).rejects.toBeInstanceOf(StoreUnavailableError)
    })
    await waiter.transaction((trx) => waiter.lock(trx, [lock]))
  })

  test('a transaction that gave way in a deadlock is run again', async () => {
    const { location } = await newDatabase()
    const store = await open(location)
    await put(store, 1)
    await put(store, 2)
    const entered: (() => void)[] = []
    const both = new Promise<void>((resolve) => {
      entered.push(() => {}, resolve)
    })
    const raise = (first: number, second: number) =>
      store.transaction(async (trx) => {
        const update = (id: number) =>
          trx
            .withTables<Notes>()
            .updateTable('notes')
            .set({ text: `${first}` })
            .where('id', '=', id)
            .execute()
        await update(first)
        entered.shift()?.()
        await both
        await update(second)
      })
    await Promise.all([raise(1, 2), raise(2, 1)])
    expect(await ids(store)).toEqual([1, 2])
  })

  test('after its connections were lost it asks over new ones', async () => {
    const { location, disconnectAll } = await newDatabase()
    const store = await open(location)
    await Promise.all([put(store, 1), put(store, 2), put(store, 3)])
    await disconnectAll()
    await put(store, 4)
    await disconnectAll()
    expect(await store.read(() => ids(store))).toEqual([1, 2, 3, 4])
  })

  test('a transaction that loses its connection on the way is run again, and once', async () => {
    const { location, disconnectAll } = await newDatabase()
    const store = await open(location)
    let runs = 0
    await store.transaction(async (trx) => {
      const tables = trx.withTables<Notes>()
      await tables.insertInto('notes').values({ id: 1, text: '', amount: '' }).execute()
      if (runs++ === 0) await disconnectAll()
      await tables.insertInto('notes').values({ id: 2, text: '', amount: '' }).execute()
    })
    expect(runs).toBe(2)
    expect(await ids(store)).toEqual([1, 2])
  })

  test('one that cannot be reached is named without its password', async () => {
    const { location } = await newDatabase()
    const elsewhere = new URL(location)
    elsewhere.port = '1'
    elsewhere.password = 'hunter2'
    const error = await openStore(elsewhere.href as StoreLocation, []).catch((reason) => reason)
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(error.message).toMatch(
      /^the store postgres:\/\/postgres@127\.0\.0\.1:1\/test_\w+ cannot be used: .*ECONNREFUSED/,
    )
    expect(error.message).not.toContain('hunter2')
  })

  test.each([
    { field: 'password', value: 'wrong', reason: 'password authentication failed' },
    { field: 'pathname', value: '/nothing', reason: 'database "nothing" does not exist' },
  ] as const)('a login that is refused says why: $reason', async ({ field, value, reason }) => {
    const { location } = await newDatabase()
    const url = new URL(location)
    url[field] = value
    await expect(openStore(url.href as StoreLocation, [])).rejects.toThrow(reason)
  })
})
