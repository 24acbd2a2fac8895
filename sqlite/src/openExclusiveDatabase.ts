import { DatabaseSync } from 'node:sqlite'
import type { SqliteDatabase } from 'kysely'
import { adaptDatabase } from './adaptDatabase.ts'
import { errorOfOpening } from './databaseInUseError.ts'
import { addExactSum } from './exactSum.ts'

/**
 * Opens a file with `node:sqlite` in the shape that Kysely's SQLite dialect takes. Its SQL has
 * `exact_sum(text)` besides. What was committed survives a power cut.
 * @param path File, or `:memory:`.
 * @throws {@link DatabaseInUseError} when another process has the file open.
 */
export function openExclusiveDatabase(path: string): SqliteDatabase {
  const database = new DatabaseSync(path)
  try {
    // Exclusive: two services on one file would send one operation twice.
    // The lock is the operating system's, so a killed process leaves none behind.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec('BEGIN IMMEDIATE; COMMIT')
    addExactSum(database)
    return adaptDatabase(database)
  } catch (error) {
    database.close()
    throw errorOfOpening(path, error)
  }
}
