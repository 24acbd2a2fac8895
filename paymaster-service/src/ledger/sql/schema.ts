import type { StoreArea, StoreDatabase } from '../../store/store.ts'

/** Wei are decimal text, addresses and hashes lower-case hex text, times Unix seconds. */
export type LedgerTables = {
  sponsorships: SponsorshipRow
  /** Running sums of `sponsorships`, one row for each policy or sender and window. */
  buckets: { id: string; reserved: string; settled: string; operations: number }
  blocks: { chain_id: number; number: number; hash: string; timestamp: number }
}

export type SponsorshipRow = {
  id: string
  chain_id: number
  paymaster: string
  sender: string
  nonce: string
  policy_id: string
  policy_hash: string
  global_bucket: string
  user_bucket: string | null
  amount: string
  valid_after: number
  valid_until: number
  signature: string | null
  user_op_hash: string | null
  state: 'reserved' | 'settled' | 'released'
  cost: string
  /** Block that settled or released it; null while reserved and after an expiry. */
  block_number: number | null
  transaction_hash: string | null
  created_at: number
}

/** Tables of the ledger. */
export const ledgerArea: StoreArea = { name: 'ledger', migrations: [createTables] }

async function createTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('sponsorships')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('chain_id', 'bigint', (column) => column.notNull())
    .addColumn('paymaster', 'text', (column) => column.notNull())
    .addColumn('sender', 'text', (column) => column.notNull())
    .addColumn('nonce', 'text', (column) => column.notNull())
    .addColumn('policy_id', 'text', (column) => column.notNull())
    .addColumn('policy_hash', 'text', (column) => column.notNull())
    .addColumn('global_bucket', 'text', (column) => column.notNull())
    .addColumn('user_bucket', 'text')
    .addColumn('amount', 'text', (column) => column.notNull())
    .addColumn('valid_after', 'bigint', (column) => column.notNull())
    .addColumn('valid_until', 'bigint', (column) => column.notNull())
    .addColumn('signature', 'text')
    .addColumn('user_op_hash', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('cost', 'text', (column) => column.notNull())
    .addColumn('block_number', 'bigint')
    .addColumn('transaction_hash', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('sponsorships_by_nonce')
    .on('sponsorships')
    .columns(['sender', 'nonce', 'paymaster', 'chain_id'])
    .execute()
  await db.schema
    .createIndex('sponsorships_by_end')
    .on('sponsorships')
    .columns(['state', 'valid_until'])
    .execute()
  await db.schema
    .createIndex('sponsorships_by_block')
    .on('sponsorships')
    .column('block_number')
    .execute()
  await db.schema
    .createTable('buckets')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('reserved', 'text', (column) => column.notNull())
    .addColumn('settled', 'text', (column) => column.notNull())
    .addColumn('operations', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('blocks')
    .addColumn('chain_id', 'bigint', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('timestamp', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('blocks_key', ['chain_id', 'number'])
    .execute()
}
