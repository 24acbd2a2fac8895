import type { Kysely } from 'kysely'
import type { StoreArea, StoreDatabase, StoreTables } from '../store/store.ts'

/** Addresses are lower-case hex text, times Unix seconds. */
export type PaymasterTables = {
  paymaster_rotations: RotationRow
  /** Paymasters of the options, of every instance and of before. */
  followed_paymasters: { chain_id: number; entry_point: string; paymaster: string }
  /** Keys that must sign no more, whatever the options say. */
  revoked_signers: { address: string; revoked_at: number }
}

export type RotationRow = {
  chain_id: number
  entry_point: string
  /** The paymaster that was replaced … */
  paymaster: string
  /** … by this one. */
  successor: string
  rotated_at: number
}

export type PaymasterDatabase = Kysely<StoreTables & PaymasterTables>

/** Tables of paymasters and their rotations. */
export const paymastersArea: StoreArea = {
  name: 'paymasters',
  migrations: [createTables, createFollowed],
}

async function createTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('paymaster_rotations')
    .addColumn('chain_id', 'bigint', (column) => column.notNull())
    .addColumn('entry_point', 'text', (column) => column.notNull())
    .addColumn('paymaster', 'text', (column) => column.notNull())
    .addColumn('successor', 'text', (column) => column.notNull())
    .addColumn('rotated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('paymaster_rotations_key', ['chain_id', 'entry_point', 'paymaster'])
    .execute()
  await db.schema
    .createTable('revoked_signers')
    .addColumn('address', 'text', (column) => column.primaryKey())
    .addColumn('revoked_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function createFollowed(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('followed_paymasters')
    .addColumn('chain_id', 'bigint', (column) => column.notNull())
    .addColumn('entry_point', 'text', (column) => column.notNull())
    .addColumn('paymaster', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('followed_paymasters_key', ['chain_id', 'entry_point', 'paymaster'])
    .execute()
}
