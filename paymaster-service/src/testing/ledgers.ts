import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { storeAreas } from '../composition/storeAreas.ts'
import type { Balance } from '../ledger/accounts.ts'
import type { Account, Advance, AdvanceResult, Ledger, PolicyTerms } from '../ledger/ledger.ts'
import { bookStatements } from '../ledger/sql/bookStatements.ts'
import { openBooks } from '../ledger/sql/books.ts'
import type { LedgerTables } from '../ledger/sql/schema.ts'
import { createSqlLedger } from '../ledger/sql/sqlLedger.ts'
import type { StoreLocation } from '../store/location.ts'
import { openStore } from '../store/openStore.ts'
import type { Store } from '../store/store.ts'
import type { TestDatabase } from './postgresDatabase.ts'
import { createTestDatabase, startPostgres } from './postgresDatabase.ts'

export type TestLedger = Ledger & {
  store: Store
  /** {@link Ledger.advance} from wherever the ledger is. */
  follow(changes: Omit<Advance, 'from'>): Promise<AdvanceResult | undefined>
  /** The policy's first cap in wei, and its operations. */
  budget(policy: PolicyTerms, now: number): Promise<Account<bigint> & { operations: number }>
  /** What one bucket holds. */
  balance(bucket: string): Promise<Balance>
  /** Prices that the sponsorships remember, by id. */
  prices(): Promise<ReadonlyMap<string, bigint>>
  /** The same store, opened again. */
  reopen(): Promise<void>
  empty(): Promise<void>
}

/** Defines the same tests for a ledger in SQLite and one in PostgreSQL; each test has an empty one. */
export function onEveryStore(define: (ledger: () => TestLedger) => void): void {
  describe('sqlite', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fabstir-ledger-'))
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    define(ledgerOf(() => `sqlite:${join(folder, 'deep', 'ledger.db')}`))
  })
  onPostgres((location) => define(ledgerOf(location)))
}

/** Defines tests with one PostgreSQL database for all. */
export function onPostgres(define: (location: () => StoreLocation) => void): void {
  describe('postgres', () => {
    let database: TestDatabase
    beforeAll(async () => {
      await startPostgres()
      database = await createTestDatabase()
    }, 120_000)
    afterAll(() => database?.drop())
    define(() => database.location)
  })
}

/** A ledger that is opened and emptied before each test. */
export function ledgerOf(location: () => StoreLocation): () => TestLedger {
  let ledger: TestLedger
  beforeEach(async () => {
    ledger = await openTestLedger(location())
    await ledger.empty()
  }, 30_000)
  afterEach(() => ledger.store.close())
  return () => ledger
}

export async function openTestLedger(location: StoreLocation): Promise<TestLedger> {
  const store = await openStore(location, storeAreas)
  const ledger: TestLedger = {
    ...createSqlLedger(store),
    store,
    async follow(changes) {
      const [from] = await ledger.followedBlocks(changes.chainId)
      return ledger.advance({ from, ...changes })
    },
    async budget(policy, now) {
      const caps = await ledger.usage(policy, now)
      const cap = caps.find(({ wei }) => wei !== undefined)
      if (!cap?.wei) throw new RangeError('the policy has no cap in wei')
      return { ...cap.wei, operations: cap.operations }
    },
    balance: (bucket) =>
      ledger.store.transaction((trx) =>
        openBooks(trx, bookStatements(ledger.store)).balance(bucket),
      ),
    async prices() {
      const rows = await tables().selectFrom('sponsorships').select(['id', 'price']).execute()
      return new Map(rows.map(({ id, price }) => [id, BigInt(price ?? 0)]))
    },
    async empty() {
      for (const table of ['sponsorships', 'buckets', 'blocks'] as const)
        await tables().deleteFrom(table).execute()
    },
    async reopen() {
      await ledger.store.close()
      const again = await openStore(location, storeAreas)
      Object.assign(ledger, createSqlLedger(again), { store: again })
    },
  }
  const tables = () => ledger.store.db.withTables<LedgerTables>()
  return ledger
}
