import type { Kysely } from 'kysely'
import { widenTopUps } from '../keeper/tables.ts'
import type { StoreArea, StoreDatabase, StoreTables } from '../store/store.ts'

/** Wei are decimal text, addresses and hashes lower-case hex text, times Unix seconds. */
export type DepositTables = {
  /** Paymasters whose deposit is low and whom somebody was told of. */
  low_deposits: { chain_id: number; paymaster: string; since: number }
}

export type DepositDatabase = Kysely<StoreTables & DepositTables>

/** Tables of deposits. */
export const depositsArea: StoreArea = { name: 'deposits', migrations: [createTables, widenTopUps] }

async function createTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('low_deposits')
    .addColumn('chain_id', 'bigint', (column) => column.notNull())
    .addColumn('paymaster', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('low_deposits_key', ['chain_id', 'paymaster'])
    .execute()
  await db.schema
    .createTable('top_ups')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('chain_id', 'bigint', (column) => column.notNull())
    .addColumn('paymaster', 'text', (column) => column.notNull())
    .addColumn('amount', 'text', (column) => column.notNull())
    .addColumn('keeper', 'text', (column) => column.notNull())
    .addColumn('nonce', 'bigint', (column) => column.notNull())
    .addColumn('raw', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('top_ups_by_time')
    .on('top_ups')
    .columns(['chain_id', 'created_at'])
    .execute()
}
