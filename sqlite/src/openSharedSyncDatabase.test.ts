import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  DatabaseInUseError,
  openExclusiveDatabase,
  openSharedSyncDatabase,
} from './openExclusiveDatabase.ts'

type Tables = { notes: { id: number; text: string } }

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-sqlite-'))
  path = join(folder, 'notes.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A database with one table, and the number of times that its disk was waited for since. */
async function setUp() {
  const disk = { syncs: 0, full: false }
  const database = openSharedSyncDatabase(path, async () => {
    if (disk.full) throw new Error('EIO: i/o error, fdatasync')
    disk.syncs++
  })
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  await sql`create table notes (id integer primary key, text text not null)`.execute(db)
  await db.insertInto('notes').values({ id: 0, text: 'first' }).execute()
  await database.onDisk()
  disk.syncs = 0
  const write = (id: number) => db.insertInto('notes').values({ id, text: 'more' }).execute()
  return { database, db, disk, write }
}

test('who committed waits for the disk, once; who only read does not', async () => {
  const { database, db, disk, write } = await setUp()
  await db.transaction().execute((trx) => trx.selectFrom('notes').selectAll().execute())
  await db.selectFrom('notes').selectAll().execute()
  await database.onDisk()
  expect(disk.syncs).toBe(0)
  await write(1)
  await database.onDisk()
  await database.onDisk()
  expect(disk.syncs).toBe(1)
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('notes').values({ id: 2, text: 'more' }).execute()
    await trx.insertInto('notes').values({ id: 3, text: 'more' }).execute()
  })
  await database.onDisk()
  expect(disk.syncs).toBe(2)
  await db.destroy()
})

test('a wait while a transaction is open does not stand for its commit', async () => {
  const { database, db, disk, write } = await setUp()
  await write(1)
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('notes').values({ id: 2, text: 'not yet' }).execute()
    await database.onDisk()
    expect(disk.syncs).toBe(1)
  })
  await database.onDisk()
  expect(disk.syncs).toBe(2)
  await db.destroy()
})

test('when the disk fails, nothing is called durable any more, and what is read is not either', async () => {
  const { database, db, disk, write } = await setUp()
  await write(1)
  disk.full = true
  await expect(database.onDisk()).rejects.toThrow('EIO')
  disk.full = false
  await write(2)
  await expect(database.onDisk()).rejects.toThrow('EIO')
  await db.destroy()
})

test('by the real disk, what was committed is there when it is opened again, and the log is not', async () => {
  const database = openSharedSyncDatabase(path)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  await sql`create table notes (id integer primary key, text text not null)`.execute(db)
  await db.insertInto('notes').values({ id: 1, text: 'kept' }).execute()
  await database.onDisk()
  expect(() => openSharedSyncDatabase(path)).toThrow(DatabaseInUseError)
  expect(() => openExclusiveDatabase(path)).toThrow(DatabaseInUseError)
  await db.destroy()
  const again = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: openSharedSyncDatabase(path) }),
  })
  expect(await again.selectFrom('notes').selectAll().execute()).toEqual([{ id: 1, text: 'kept' }])
  await again.destroy()
})

test('a database in memory has no disk to wait for', async () => {
  const database = openSharedSyncDatabase(':memory:')
  await database.onDisk()
  database.close()
})
