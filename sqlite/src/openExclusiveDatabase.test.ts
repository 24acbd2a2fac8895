import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseInUseError } from './databaseInUseError.ts'
import { openExclusiveDatabase } from './openExclusiveDatabase.ts'

type Tables = { notes: { id: number; text: string } }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-sqlite-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (path: string) =>
  new Kysely<Tables>({ dialect: new SqliteDialect({ database: openExclusiveDatabase(path) }) })

async function withNotes(path: string) {
  const db = open(path)
  await sql`create table if not exists notes (id integer primary key, text text not null)`.execute(
    db,
  )
  return db
}

describe('openExclusiveDatabase', () => {
  test('it keeps what was committed when it is opened again', async () => {
    const path = join(folder, 'a.sqlite')
    const first = await withNotes(path)
    await first.insertInto('notes').values({ id: 1, text: 'kept' }).execute()
    await first.destroy()

    const second = open(path)
    expect(await second.selectFrom('notes').selectAll().execute()).toEqual([
      { id: 1, text: 'kept' },
    ])
    await second.destroy()
  })

  test('it undoes a transaction that throws', async () => {
    const db = await withNotes(':memory:')
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ id: 1, text: 'lost' }).execute()
      throw new Error('after the insert')
    })
    await expect(failing).rejects.toThrow('after the insert')
    expect(await db.selectFrom('notes').selectAll().execute()).toEqual([])
    await db.destroy()
  })

  test('it binds values, so that text is never read as SQL', async () => {
    const db = await withNotes(':memory:')
    const text = `'); drop table notes; --`
    await db.insertInto('notes').values({ id: 1, text }).execute()
    expect(await db.selectFrom('notes').select('text').executeTakeFirst()).toEqual({ text })
    await db.destroy()
  })

  test('exact_sum adds decimal text beyond 64 bits, skips null, and is null over nothing', async () => {
    const db = await withNotes(':memory:')
    const sum = async () => {
      const { rows } = await sql<{
        sum: string | null
      }>`select exact_sum(text) as sum from (select text from notes union all select null)`.execute(
        db,
      )
      return rows[0]?.sum
    }
    expect(await sum()).toBeNull()
    for (const [id, value] of [2n ** 128n, 1n, -3n].entries())
      await db
        .insertInto('notes')
        .values({ id, text: `${value}` })
        .execute()
    expect(await sum()).toBe(`${2n ** 128n - 2n}`)
    await db.destroy()
  })

  test('it refuses a file that is open elsewhere, by name, and takes it once it is free', async () => {
    const path = join(folder, 'b.sqlite')
    const holder = await withNotes(path)
    expect(() => openExclusiveDatabase(path)).toThrow(DatabaseInUseError)
    expect(() => openExclusiveDatabase(path)).toThrow(path)
    await holder.destroy()
    await open(path).destroy()
  })
})
