import { closeSync, fdatasync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { promisify } from 'node:util'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { addExactSum } from './exactSum.ts'
import { sharedSync } from './sharedSync.ts'

/** Statements kept compiled; a service has some thirty. */
const preparedLimit = 100
/**
 * Pages of 4 KiB in the log until it is copied into the file, which keeps the thread for some 50 ms, however many
 * there are: most of them are the same ones again and again. 128 MB.
 */
const checkpointPages = 32_000
/** Pages in memory: SQLite's own 2 MB are fewer than the indexes touch within a second. */
const cacheKilobytes = 32_768

/**
 * Opens a file with `node:sqlite` in the shape that Kysely's SQLite dialect takes. Its SQL has
 * `exact_sum(text)` besides. What was committed survives a power cut.
 * @param path File, or `:memory:`.
 * @throws {@link DatabaseInUseError} when another process has the file open.
 */
export function openExclusiveDatabase(path: string): SqliteDatabase {
  return adapt(open(path, 'FULL'))
}

/** A database whose commits wait for the disk when they are asked to. */
export type SharedSyncDatabase = SqliteDatabase & {
  /** Resolves when everything that was committed, or read, before the call survives a power cut. */
  onDisk(): Promise<void>
}

/**
 * {@link openExclusiveDatabase}, but a commit does not keep the thread until the disk has answered:
 * `onDisk` does, in another thread, and once for all that was committed meanwhile (decision 63).
 * @param sync Brings an open file to the disk.
 */
export function openSharedSyncDatabase(
  path: string,
  sync: (file: number) => Promise<void> = promisify(fdatasync),
): SharedSyncDatabase {
  // NORMAL leaves out one thing that FULL does: it syncs the log when it is copied and not with each commit.
  const database = open(path, 'NORMAL')
  if (path === ':memory:') return { ...adapt(database), onDisk: async () => {} }
  database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`)
  database.exec(`PRAGMA cache_size = -${cacheKilobytes}`)
  const log = openSync(`${path}-wal`, 'r+')
  const countChanges = database.prepare('select total_changes() as changes')
  let changes = 0
  let commits = 0
  const noteCommit = () => {
    if (database.isTransaction) return
    const now = Number(countChanges.get()?.changes)
    if (now !== changes) commits++
    changes = now
  }
  const adapted = adapt(database, noteCommit)
  return {
    ...adapted,
    onDisk: sharedSync({ sync: () => sync(log), writes: () => commits }),
    close() {
      closeSync(log)
      adapted.close()
    },
  }
}

function open(path: string, synchronous: 'FULL' | 'NORMAL'): DatabaseSync {
  const database = new DatabaseSync(path)
  try {
    // Exclusive: two services on one file would sponsor one budget, or send one operation, twice.
    // The lock is the operating system's, so a killed process leaves none behind.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec('PRAGMA journal_mode = WAL')
    database.exec(`PRAGMA synchronous = ${synchronous}`)
    database.exec('BEGIN IMMEDIATE; COMMIT')
    addExactSum(database)
    return database
  } catch (error) {
    database.close()
    throw isLocked(error) ? new DatabaseInUseError(path) : error
  }
}

function adapt(database: DatabaseSync, onRun: () => void = () => {}): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = statements.get(sql) ?? adaptStatement(database, sql, onRun)
      if (statements.size < preparedLimit) statements.set(sql, statement)
      return statement
    },
  }
}

function adaptStatement(database: DatabaseSync, sql: string, onRun: () => void): SqliteStatement {
  const statement = database.prepare(sql)
  const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  const after = <result>(result: result): result => {
    onRun()
    return result
  }
  return {
    // Kysely asks whether the statement answers rows.
    reader: statement.columns().length > 0,
    all: (parameters) => after(statement.all(...bind(parameters))),
    run: (parameters) => after(statement.run(...bind(parameters))),
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
