import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { addExactSum } from './exactSum.ts'

/** Statements kept compiled; a service has some thirty. */
const preparedLimit = 100

/**
 * Opens a file with `node:sqlite` in the shape that Kysely's SQLite dialect takes. Its SQL has
 * `exact_sum(text)` besides.
 * @param path File, or `:memory:`.
 * @throws {@link DatabaseInUseError} when another process has the file open.
 */
export function openExclusiveDatabase(path: string): SqliteDatabase {
  const database = new DatabaseSync(path)
  try {
    // Exclusive: two services on one file would sponsor one budget, or send one operation, twice.
    // The lock is the operating system's, so a killed process leaves none behind.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec('PRAGMA journal_mode = WAL')
    // FULL: what was acknowledged survives a power cut as well.
    database.exec('PRAGMA synchronous = FULL')
    database.exec('BEGIN IMMEDIATE; COMMIT')
    addExactSum(database)
  } catch (error) {
    database.close()
    throw isLocked(error) ? new DatabaseInUseError(path) : error
  }

  const statements = new Map<string, SqliteStatement>()
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = statements.get(sql) ?? adapt(database, sql)
      if (statements.size < preparedLimit) statements.set(sql, statement)
      return statement
    },
  }
}

function adapt(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql)
  const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  return {
    // Kysely asks whether the statement answers rows.
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bind(parameters)),
    run: (parameters) => statement.run(...bind(parameters)),
    iterate: (parameters) => statement.iterate(...bind(parameters)),
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database is (locked|busy)/i.test(error.message)
}

/** Another process has the file open. */
export class DatabaseInUseError extends Error {
  override name = 'DatabaseInUseError'
  readonly path: string

  constructor(path: string) {
    super(`${path} is open in another process`)
    this.path = path
  }
}
