import { closeSync, fdatasync, openSync, realpathSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import type { SqliteDatabase } from 'kysely'
import { adaptDatabase } from './adaptDatabase.ts'
import type { LogLimits } from './boundedLog.ts'
import { boundLog, defaultLogLimits } from './boundedLog.ts'
import { errorOfOpening } from './databaseInUseError.ts'
import { addExactSum } from './exactSum.ts'
import { createLogCopier } from './logCopier.ts'
import { sharedSync } from './sharedSync.ts'

/** Pages in memory: SQLite's own 2 MB are fewer than the indexes touch within a second. */
const cacheKilobytes = 32_768

/** Milliseconds to wait for whoever else has the file: the last copy of one that was just closed, or a tool. */
const busyMs = 1_000

/** A database whose commits wait for the disk when they are asked to. */
export type SharedSyncDatabase = SqliteDatabase & {
  /** Resolves when everything that was committed, or read, before the call survives a power cut. */
  onDisk(): Promise<void>
}

/**
 * Opens a file as {@link openExclusiveDatabase} does, but a commit does not keep the thread until the disk has
 * answered: `onDisk` does, in another thread, and once for all that was committed meanwhile (decision 63). Copying the
 * log into the file does not keep the thread either (decision 106). Other processes may read the file.
 * @param path File, or `:memory:`.
 * @param options.sync Brings an open file to the disk.
 * @throws {@link DatabaseInUseError} when another process has the file open.
 */
export function openSharedSyncDatabase(
  path: string,
  {
    sync = promisify(fdatasync),
    limits = defaultLogLimits,
  }: { sync?: (file: number) => Promise<void>; limits?: LogLimits } = {},
): SharedSyncDatabase {
  if (path === ':memory:') {
    const database = new DatabaseSync(path)
    prepare(database)
    return { ...adaptDatabase(database), onDisk: async () => {} }
  }
  const { database, file, unlock } = openLocked(path)
  const log = openSync(`${file}-wal`, 'r+')
  const readLog = database.prepare('PRAGMA wal_checkpoint(NOOP)')
  const { noteCommit, bounded } = boundLog({
    read() {
      const row = readLog.get()
      return { written: Number(row?.log), copied: Number(row?.checkpointed) }
    },
    copy: createLogCopier(file),
    limits,
  })
  const countChanges = database.prepare('select total_changes() as changes')
  let changes = 0
  let commits = 0
  const noteStatement = () => {
    if (database.isTransaction) return
    const now = Number(countChanges.get()?.changes)
    if (now === changes) return
    changes = now
    commits++
    noteCommit()
  }
  const adapted = adaptDatabase(database, noteStatement)
  const synced = sharedSync({ sync: () => sync(log), writes: () => commits })
  return {
    ...adapted,
    async onDisk() {
      await synced()
      await bounded()
    },
    close() {
      closeSync(log)
      adapted.close()
      unlock()
    },
  }
}

/** With a lock beside it: an exclusive one on the file itself would keep the thread out that copies the log. */
function openLocked(path: string): { database: DatabaseSync; file: string; unlock: () => void } {
  const database = new DatabaseSync(path, { timeout: busyMs })
  let lock: DatabaseSync | undefined
  try {
    database.exec('PRAGMA journal_mode = WAL')
    // SQLite names the log by it, and two names of one file must not be two locks.
    const file = realpathSync(path)
    lock = new DatabaseSync(`${file}-lock`)
    // Two services on one file would sponsor one budget twice. The lock is the operating system's, so a killed process
    // leaves none behind.
    lock.exec('BEGIN EXCLUSIVE')
    // NORMAL leaves out one thing that FULL does: it syncs the log when it is copied and not with each commit.
    database.exec('PRAGMA synchronous = NORMAL')
    database.exec('PRAGMA wal_autocheckpoint = 0')
    database.exec(`PRAGMA cache_size = -${cacheKilobytes}`)
    database.exec('BEGIN IMMEDIATE; COMMIT')
    prepare(database)
    const held = lock
    return { database, file, unlock: () => held.close() }
  } catch (error) {
    lock?.close()
    database.close()
    throw errorOfOpening(path, error)
  }
}

/** What each connection of a service has. */
function prepare(database: DatabaseSync): void {
  // Temporary tables and sorters would open files otherwise, somewhere a service may not write.
  database.exec('PRAGMA temp_store = MEMORY')
  addExactSum(database)
}
