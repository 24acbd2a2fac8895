/** Thread of a log copier: copies the log of the database that it was started for with each message. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

parentPort?.on('message', () => {
  copyLog(workerData)
  parentPort?.postMessage(undefined)
})

/** A connection for each copy: one that stayed open would keep the log when the database is closed. */
function copyLog(path: string): void {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA synchronous = NORMAL')
    database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  } finally {
    database.close()
  }
}
