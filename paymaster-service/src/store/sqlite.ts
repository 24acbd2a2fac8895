import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openSharedSyncDatabase } from '@fabstir/sqlite'
import type { SqliteStatement } from 'kysely'
import { Kysely, SqliteDialect, sql } from 'kysely'
import type { ListQuery, ListStatement } from './listStatement.ts'
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
    // Item by item, which takes SQLite half the time of one statement for many. There is one connection, so it is the
    // transaction's.
    listStatement<item, row>({
      build,
      parameters,
    }: ListQuery<item, row>): ListStatement<item, row> {
      let text: string | undefined
      return async (_trx, items) => {
        const rows: row[] = []
        for (const item of items) {
          text ??= build(db, [item]).sql
          rows.push(...runStatement<row>(database.prepare(text), parameters(item)))
        }
        return rows
      }
    },
    exactSum: (column) => sql`exact_sum(${sql.ref(column)})`,
    // A disk that failed makes it fail for good: only a new start knows what is on it.
    ping: () =>
      durable(async () => {
        await db.selectFrom('store_areas').select('area').limit(1).execute()
      }),
    close: () => db.destroy(),
  }
}

function runStatement<row>(statement: SqliteStatement, parameters: readonly unknown[]): row[] {
  if (statement.reader) return statement.all(parameters) as row[]
  statement.run(parameters)
  return []
}
