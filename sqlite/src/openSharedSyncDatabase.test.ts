import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DatabaseInUseError } from './databaseInUseError.ts'
import { openExclusiveDatabase } from './openExclusiveDatabase.ts'
import type { SharedSyncDatabase } from './openSharedSyncDatabase.ts'
import { openSharedSyncDatabase } from './openSharedSyncDatabase.ts'

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
  const database = openSharedSyncDatabase(path, {
    async sync() {
      if (disk.full) throw new Error('EIO: i/o error, fdatasync')
      disk.syncs++
    },
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

test.each(['a file', ':memory:'])(
  'temporary tables of %s are in memory, and open no file',
  async (where) => {
    const database = openSharedSyncDatabase(where === ':memory:' ? where : path)
    const [row] = database.prepare('PRAGMA temp_store').all([])
    expect(row).toEqual({ temp_store: 2 })
    database.close()
  },
)

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

test('by another name of the file it is in use as well', async () => {
  const database = openSharedSyncDatabase(path)
  const other = join(folder, 'other.sqlite')
  symlinkSync(path, other)
  expect(() => openSharedSyncDatabase(other)).toThrow(DatabaseInUseError)
  database.close()
  const again = openSharedSyncDatabase(other)
  await again.onDisk()
  again.close()
})

describe('the log', () => {
  const pages = (count: number) => count * 4_096
  const noSync = async () => {}

  /** Commits until the table has `rows` rows of a page each. */
  async function fill(database: SharedSyncDatabase, rows: number) {
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
    await sql`create table if not exists notes (id integer primary key, text text not null)`.execute(
      db,
    )
    for (let id = 0; id < rows; id++) {
      await db
        .insertInto('notes')
        .values({ id, text: `${id}`.padEnd(4_096, '.') })
        .execute()
      await database.onDisk()
    }
    return db
  }

  test('is copied beside the writer as it grows, and another process may read meanwhile', async () => {
    const limits = { copiedAfter: 100, anewAfter: 1_000_000, most: 1_000_000 }
    const database = openSharedSyncDatabase(path, { limits, sync: noSync })
    const db = await fill(database, 400)
    await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(pages(300)), 5_000)
    const reader = new DatabaseSync(path, { readOnly: true })
    expect(reader.prepare('select count(*) as rows from notes').get()).toEqual({ rows: 400 })
    reader.close()
    await db.destroy()
  })

  test('begins anew before it is too long, however fast it is written', async () => {
    const limits = { copiedAfter: 100, anewAfter: 300, most: 400 }
    const database = openSharedSyncDatabase(path, { limits, sync: noSync })
    const db = await fill(database, 2_000)
    // Each row is two pages or three, and the log is looked at with each 16th commit.
    expect(statSync(`${path}-wal`).size).toBeLessThan(pages(limits.most + 300))
    await db.destroy()
  })

  test('is not lost by a kill while it is copied', async () => {
    const limits = { copiedAfter: 50, anewAfter: 150, most: 200 }
    const script = `
      import { openSharedSyncDatabase } from ${JSON.stringify(join(import.meta.dirname, 'openSharedSyncDatabase.ts'))}
      const database = openSharedSyncDatabase(process.argv[1], { limits: ${JSON.stringify(limits)} })
      database.prepare('create table notes (id integer primary key, text text not null)').run([])
      for (let id = 0; ; id++) {
        database.prepare('insert into notes values (?, ?)').run([id, '.'.repeat(4096)])
        await database.onDisk()
        process.stdout.write(id + '\\n')
      }`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, path])
    let told = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      told += text
      if (told.split('\n').length > 500) child.kill('SIGKILL')
    })
    await once(child, 'close')
    const last = Number(told.split('\n').at(-2))
    expect(last).toBeGreaterThan(400)
    const database = openSharedSyncDatabase(path)
    const [row] = database.prepare('select count(*) as rows, max(id) as last from notes').all([])
    expect(row).toSatisfy(({ rows, last: found }) => found >= last && rows === found + 1)
    database.close()
  })

  test('is gone when the database is closed while it is copied, a moment later', async () => {
    const database = openSharedSyncDatabase(path, {
      limits: { copiedAfter: 1, anewAfter: 1_000_000, most: 1_000_000 },
    })
    const db = await fill(database, 64)
    await db.destroy()
    await vi.waitFor(() => expect(existsSync(`${path}-wal`)).toBe(false), 5_000)
    const again = openSharedSyncDatabase(path)
    expect(again.prepare('select count(*) as rows from notes').all([])).toEqual([{ rows: 64 }])
    again.close()
  })
})

test('a database in memory has no disk to wait for', async () => {
  const database = openSharedSyncDatabase(':memory:')
  await database.onDisk()
  database.close()
})
