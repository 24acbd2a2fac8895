import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openExclusiveDatabase } from '@fabstir/sqlite'
import { Kysely, SqliteDialect, sql } from 'kysely'
import type { Store, StoreTables } from './store.ts'

/**
 * Opens a file of one service, or `:memory:`.
 * @throws DatabaseInUseError
 */
export function openSqlite(path: string): Store {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const db = new Kysely<StoreTables>({
    dialect: new SqliteDialect({ database: openExclusiveDatabase(path) }),
  })
  return {
    kind: 'sqlite',
    db,
    read: (ask) => ask(),
    transaction: (work) => db.transaction().execute(work),
    async lock() {},
    exactSum: (column) => sql`exact_sum(${sql.ref(column)})`,
    async ping() {
      await db.selectFrom('store_areas').select('area').limit(1).execute()
    },
    close: () => db.destroy(),
  }
}
