import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openExclusiveDatabase } from '@fabstir/sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import type { Ledger } from './ledger.ts'
import type { LedgerTables } from './sql/schema.ts'
import { createSqlLedger } from './sql/sqlLedger.ts'

/** `memory`, or `sqlite:` and a path. */
export type LedgerLocation = 'memory' | `sqlite:${string}`

/**
 * Opens the ledger and creates its file and tables where they are missing.
 * @throws DatabaseInUseError, LedgerVersionError
 */
export async function openLedger(location: LedgerLocation): Promise<Ledger> {
  const path = location === 'memory' ? ':memory:' : location.slice('sqlite:'.length)
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const db = new Kysely<LedgerTables>({
    dialect: new SqliteDialect({ database: openExclusiveDatabase(path) }),
  })
  try {
    return await createSqlLedger(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
}
