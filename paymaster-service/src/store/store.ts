import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { ListQuery, ListStatement } from './listStatement.ts'
import type { Lock } from './locks.ts'

/** Tables that every store has. An area adds its own: `store.db.withTables<AppTables>()`. */
export type StoreTables = {
  /** Version of each area's tables. */
  store_areas: { area: string; version: number }
}

export type StoreDatabase = Kysely<StoreTables>
export type StoreTransaction = Transaction<StoreTables>

/** One database for everything that the service remembers, opened once. */
export type Store = {
  kind: 'sqlite' | 'postgres'
  /** For statements that need no transaction; {@link Store.read} them. */
  db: StoreDatabase
  /**
   * Asks the database outside of a transaction.
   * @throws StoreUnavailableError
   */
  read<result>(ask: () => Promise<result>): Promise<result>
  /**
   * Runs `work` in one transaction; what it wrote is durable when the promise resolves. On PostgreSQL
   * it runs again when the database gives it up (deadlock) or its connection is lost before the end,
   * so it must do nothing but read and write through its argument.
   * @throws StoreUnavailableError
   */
  transaction<result>(work: (trx: StoreTransaction) => Promise<result>): Promise<result>
  /**
   * Waits until no other transaction of any instance holds one of `locks`, and holds them until
   * `trx` ends. Call it before reading what is written. SQLite has one writer anyway: nothing to do.
   */
  lock(trx: StoreTransaction, locks: readonly Lock[]): Promise<void>
  /** A statement whose text is made once: making it takes longer than running it (decision 103). */
  listStatement<item, row>(query: ListQuery<item, row>): ListStatement<item, row>
  /** Exact sum of a column of decimal text, as decimal text; `null` over no rows. */
  exactSum(column: string): RawBuilder<string | null>
  /** @throws StoreUnavailableError when the store cannot be read. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** One area's tables and how they came to be. */
export type StoreArea = {
  /** Unique, and kept for ever: `ledger`. */
  name: string
  /** Each brings the tables from one version to the next. What was released is never changed. */
  migrations: readonly ((db: StoreDatabase, kind: Store['kind']) => Promise<void>)[]
  /** Makes what an open SQLite store has in memory only: temporary tables and triggers. After the migrations. */
  openSqlite?: (db: StoreDatabase) => Promise<void>
}
