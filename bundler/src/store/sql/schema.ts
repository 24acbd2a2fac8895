import type { Kysely } from 'kysely'

/** Column types. Amounts are decimal text, hashes and addresses hex text, compound values JSON. */
export type StoreTables = {
  meta: { key: string; value: string }
  operations: {
    hash: string
    entry_point: string
    operation: string
    prefund: string
    valid_after: number
    valid_until: number
    added_at: number
    state: string
    reason: string | null
    record: string | null
  }
  reputations: {
    entry_point: string
    address: string
    ops_seen: string
    ops_included: string
    hour: number
  }
  bundles: {
    id: string
    entry_point: string
    executor: string
    nonce: number
    operations: string
    transactions: string
    created_at: number
    sent_at_block: number
    settled_number: number | null
    settled_hash: string | null
  }
  inclusions: {
    hash: string
    transaction_hash: string
    block_number: number
    block_hash: string
    success: number
    receipt: string
  }
  blocks: { number: number; hash: string }
}

/** Raised with every change of the tables; a store of another version is refused, not guessed at. */
export const SCHEMA_VERSION = '2'

/** Creates the tables that are missing. */
export async function createTables(db: Kysely<StoreTables>): Promise<void> {
  await db.schema
    .createTable('meta')
    .ifNotExists()
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('operations')
    .ifNotExists()
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('entry_point', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('prefund', 'text', (column) => column.notNull())
    .addColumn('valid_after', 'bigint', (column) => column.notNull())
    .addColumn('valid_until', 'bigint', (column) => column.notNull())
    .addColumn('added_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('record', 'text')
    .execute()
  await db.schema
    .createTable('reputations')
    .ifNotExists()
    .addColumn('entry_point', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('ops_seen', 'text', (column) => column.notNull())
    .addColumn('ops_included', 'text', (column) => column.notNull())
    .addColumn('hour', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('reputations_by_entity', ['entry_point', 'address'])
    .execute()
  await db.schema
    .createIndex('operations_by_state')
    .ifNotExists()
    .on('operations')
    .columns(['state', 'added_at'])
    .execute()
  await db.schema
    .createTable('bundles')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('entry_point', 'text', (column) => column.notNull())
    .addColumn('executor', 'text', (column) => column.notNull())
    .addColumn('nonce', 'bigint', (column) => column.notNull())
    .addColumn('operations', 'text', (column) => column.notNull())
    .addColumn('transactions', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('sent_at_block', 'bigint', (column) => column.notNull())
    .addColumn('settled_number', 'bigint')
    .addColumn('settled_hash', 'text')
    .execute()
  await db.schema
    .createTable('inclusions')
    .ifNotExists()
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('transaction_hash', 'text', (column) => column.notNull())
    .addColumn('block_number', 'bigint', (column) => column.notNull())
    .addColumn('block_hash', 'text', (column) => column.notNull())
    .addColumn('success', 'integer', (column) => column.notNull())
    .addColumn('receipt', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('inclusions_by_block')
    .ifNotExists()
    .on('inclusions')
    .column('block_hash')
    .execute()
  await db.schema
    .createTable('blocks')
    .ifNotExists()
    .addColumn('number', 'bigint', (column) => column.primaryKey())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute()
}
