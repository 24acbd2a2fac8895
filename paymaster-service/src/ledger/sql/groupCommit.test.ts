import { openExclusiveDatabase } from '@fabstir/sqlite'
import type { Kysely } from 'kysely'
import { Kysely as SqlBuilder, SqliteDialect, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Commit } from './groupCommit.ts'
import { groupCommit } from './groupCommit.ts'
import type { LedgerTables } from './schema.ts'
import { createTables } from './schema.ts'

let db: Kysely<LedgerTables>
let commit: Commit
let commits: number

beforeEach(async () => {
  commits = 0
  const database = openExclusiveDatabase(':memory:')
  const counting = {
    ...database,
    prepare(text: string) {
      if (text === 'commit') commits++
      return database.prepare(text)
    },
  }
  db = new SqlBuilder<LedgerTables>({ dialect: new SqliteDialect({ database: counting }) })
  await createTables(db)
  commit = groupCommit(db)
})

afterEach(() => db.destroy())

const put = (key: string) =>
  commit(async (trx) => {
    await trx.insertInto('meta').values({ key, value: '' }).execute()
    return key
  })
const keys = async () =>
  (await db.selectFrom('meta').select('key').orderBy('key').execute()).map(({ key }) => key)

describe('groupCommit', () => {
  test('100 at once have one commit, and each its own answer', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `k${100 + index}`)
    expect(await Promise.all(names.map(put))).toEqual(names)
    expect(commits).toBe(1)
    expect(await keys()).toEqual(names)
  })

  test('129 have two: a group has an end', async () => {
    await Promise.all(Array.from({ length: 129 }, (_, index) => put(`k${index}`)))
    expect(commits).toBe(2)
  })

  test('an answer comes after the commit', async () => {
    const committed: number[] = []
    await Promise.all(['a', 'b'].map((key) => put(key).then(() => committed.push(commits))))
    expect(committed).toEqual([1, 1])
  })

  test('one that fails takes nobody along', async () => {
    const outcomes = await Promise.allSettled([put('a'), put('b'), put('b'), put('c')])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(await keys()).toEqual(['a', 'b', 'c'])
  })

  test('work sees what the work before it in the group wrote', async () => {
    const count = () =>
      commit(async (trx) => {
        await sql`insert into meta (key, value) select 'n' || count(*), '' from meta`.execute(trx)
      })
    await Promise.all([count(), count(), count()])
    expect(await keys()).toEqual(['n0', 'n1', 'n2'])
  })

  test('it goes on after a failure', async () => {
    await expect(commit(async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await put('a')).toBe('a')
  })
})
