export { DatabaseInUseError } from './databaseInUseError.ts'
export { openExclusiveDatabase } from './openExclusiveDatabase.ts'
export type { SharedSyncDatabase } from './openSharedSyncDatabase.ts'
export { openSharedSyncDatabase } from './openSharedSyncDatabase.ts'
