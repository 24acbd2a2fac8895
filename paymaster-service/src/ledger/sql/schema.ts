import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { StoreArea, StoreDatabase, StoreTables } from '../../store/store.ts'

/** Wei and micro-USD are decimal text, addresses and hashes lower-case hex text, times Unix seconds. */
export type LedgerTables = {
  sponsorships: SponsorshipRow
  buckets: BucketRow
  blocks: { chain_id: number; number: number; hash: string; timestamp: number }
}

export type LedgerDatabase = Kysely<StoreTables & LedgerTables>

export type SponsorshipRow = {
  id: string
  /** Chain, paymaster, sender and nonce: of the rows with one key at most one is charged. */
  operation_key: string
  chain_id: number
  paymaster: string
  sender: string
  nonce: string
  policy_id: string
  policy_hash: string
  /** Ids of buckets, each followed by a space. */
  global_buckets: string
  user_buckets: string
  amount: string
  /** Part of `amount` that is held back: of the live rows of one key and policy only the largest is. */
  held: string
  /** Micro-USD per ether at the reservation. */
  price: string | null
  valid_after: number
  valid_until: number
  signature: string | null
  /** Of every signature that may still be used, in each form, newest first, with spaces between. */
  user_op_hash: string | null
  state: 'reserved' | 'settled' | 'released' | 'expired'
  cost: string
  cost_micro_usd: string
  /** 1 when it was charged and its calls reverted. */
  reverted: number
  /** Block that settled or released it; null while reserved and after an expiry. */
  block_number: number | null
  transaction_hash: string | null
  created_at: number
  /** First second of the day of `created_at`, UTC. */
  day: number
  /** Who asked first, and for what; `null` where nobody said. */
  app: string | null
  /** `null` for keys of the configuration as well. */
  key_id: string | null
  /** Selectors of the inner calls, each once, sorted and joined by `+`: one operation is in one group. */
  selectors: string | null
  /** End of the signature that webhooks were told of; `null` before any was. */
  told_until: number | null
  /** Block and transaction of the settlement that webhooks were told of. */
  told_settlement: string | null
}

/** Running sums of `sponsorships`, one row for each policy or sender and window. */
export type BucketRow = {
  id: string
  reserved_wei: string
  settled_wei: string
  reserved_micro_usd: string
  settled_micro_usd: string
  reserved_operations: number
  settled_operations: number
  expired_operations: number
  /** First second after the window; null is never. */
  ends_at: number | null
}

/** Tables of the ledger. */
export const ledgerArea: StoreArea = {
  name: 'ledger',
  migrations: [createTables, dropSelectors, indexOutstandingSenders, addOrigins],
}

async function createTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('sponsorships')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('operation_key', 'text', (column) => column.notNull())
    .addColumn('chain_id', 'bigint', (column) => column.notNull())
    .addColumn('paymaster', 'text', (column) => column.notNull())
    .addColumn('sender', 'text', (column) => column.notNull())
    .addColumn('nonce', 'text', (column) => column.notNull())
    .addColumn('policy_id', 'text', (column) => column.notNull())
    .addColumn('policy_hash', 'text', (column) => column.notNull())
    .addColumn('global_buckets', 'text', (column) => column.notNull())
    .addColumn('user_buckets', 'text', (column) => column.notNull())
    .addColumn('amount', 'text', (column) => column.notNull())
    .addColumn('held', 'text', (column) => column.notNull())
    .addColumn('price', 'text')
    .addColumn('valid_after', 'bigint', (column) => column.notNull())
    .addColumn('valid_until', 'bigint', (column) => column.notNull())
    .addColumn('signature', 'text')
    .addColumn('user_op_hash', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('cost', 'text', (column) => column.notNull())
    .addColumn('cost_micro_usd', 'text', (column) => column.notNull())
    .addColumn('reverted', 'integer', (column) => column.notNull())
    .addColumn('block_number', 'bigint')
    .addColumn('transaction_hash', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('day', 'bigint', (column) => column.notNull())
    .execute()
  const indexes = {
    sponsorships_by_key: ['operation_key'],
    sponsorships_by_end: ['state', 'valid_until'],
    sponsorships_by_block: ['block_number'],
    sponsorships_by_policy: ['policy_id', 'day'],
    sponsorships_by_sender: ['sender', 'day'],
    sponsorships_by_day: ['day'],
  }
  for (const [name, columns] of Object.entries(indexes))
    await db.schema.createIndex(name).on('sponsorships').columns(columns).execute()

  await db.schema
    .createTable('sponsorship_selectors')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('selector', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('sponsorship_selectors_key', ['id', 'selector'])
    .execute()
  await db.schema
    .createIndex('sponsorships_by_selector')
    .on('sponsorship_selectors')
    .column('selector')
    .execute()

  await db.schema
    .createTable('buckets')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('reserved_wei', 'text', (column) => column.notNull())
    .addColumn('settled_wei', 'text', (column) => column.notNull())
    .addColumn('reserved_micro_usd', 'text', (column) => column.notNull())
    .addColumn('settled_micro_usd', 'text', (column) => column.notNull())
    .addColumn('reserved_operations', 'bigint', (column) => column.notNull())
    .addColumn('settled_operations', 'bigint', (column) => column.notNull())
    .addColumn('expired_operations', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint')
    .execute()
  await db.schema.createIndex('buckets_by_end').on('buckets').column('ends_at').execute()

  await db.schema
    .createTable('blocks')
    .addColumn('chain_id', 'bigint', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('timestamp', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('blocks_key', ['chain_id', 'number'])
    .execute()
}

/** `usage` keeps the selectors of an operation as one group, which is all that reports add up by. */
async function dropSelectors(db: StoreDatabase): Promise<void> {
  await db.schema.dropTable('sponsorship_selectors').execute()
}

/** For `outstandingSenders`, which is asked with every block. */
async function indexOutstandingSenders(db: StoreDatabase): Promise<void> {
  await sql`
    create index sponsorships_outstanding on sponsorships (chain_id, sender)
    where state = 'reserved'
  `.execute(db)
}

/** In the rows themselves: a table of their own took a twentieth of the time of a sponsorship. */
async function addOrigins(db: StoreDatabase): Promise<void> {
  for (const column of ['app', 'key_id', 'selectors', 'told_settlement'])
    await db.schema.alterTable('sponsorships').addColumn(column, 'text').execute()
  await db.schema.alterTable('sponsorships').addColumn('told_until', 'bigint').execute()
}
