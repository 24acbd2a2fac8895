import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openSharedSyncDatabase } from '@fabstir/sqlite'
import { Kysely, SqliteDialect, sql } from 'kysely'
import type { Store, StoreTables } from './store.ts'

/**
 * Opens a file of one service, or `:memory:`.
 * @throws DatabaseInUseError
 */
export function openSqlite(path: string): Store {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const database = openSharedSyncDatabase(path)
  const db = new Kysely<StoreTables>({ dialect: new SqliteDialect({ database }) })
  /** What was read may have been committed by another request a moment ago, and is answered as well. */
  const durable = async <result>(work: () => Promise<result>): Promise<result> => {
    const result = await work()
    await database.onDisk()
    return result
  }
  return {
    kind: 'sqlite',
    db,
    read: durable,
    transaction: (work) => durable(() => db.transaction().execute(work)),
    async lock() {},
    exactSum: (column) => sql`exact_sum(${sql.ref(column)})`,
    // A disk that failed makes it fail for good: only a new start knows what is on it.
    ping: () =>
      durable(async () => {
        await db.selectFrom('store_areas').select('area').limit(1).execute()
      }),
    close: () => db.destroy(),
  }
}
