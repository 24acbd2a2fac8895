import type { SQLInputValue } from 'node:sqlite'
import { DatabaseSync } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

/** Statements kept prepared; the store has some twenty. */
const MAX_PREPARED = 100

/**
 * Opens a file with `node:sqlite` in the shape that Kysely's SQLite dialect expects.
 * @throws StoreInUseError when another process has the file open.
 */
export function openNodeSqliteDatabase(path: string): SqliteDatabase {
  const database = new DatabaseSync(path)
  try {
    // Exclusive: two bundlers on one journal would send each other's operations twice.
    // The lock is the operating system's, so a killed process leaves none behind.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec('PRAGMA journal_mode = WAL')
    // FULL: an acknowledged operation survives a power cut as well.
    database.exec('PRAGMA synchronous = FULL')
    database.exec('BEGIN IMMEDIATE; COMMIT')
  } catch (error) {
    database.close()
    if (error instanceof Error && /locked|busy/i.test(error.message)) throw new StoreInUseError(path)
    throw error
  }

  const prepared = new Map<string, SqliteStatement>()
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = prepared.get(sql)
      if (known) return known
      const statement = database.prepare(sql)
      const adapted: SqliteStatement = {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      }
      if (prepared.size < MAX_PREPARED) prepared.set(sql, adapted)
      return adapted
    },
  }
}

/** Another process has the store open. */
export class StoreInUseError extends Error {
  override name = 'StoreInUseError'
  path: string

  constructor(path: string) {
    super(`the store ${path} is open in another process`)
    this.path = path
  }
}
