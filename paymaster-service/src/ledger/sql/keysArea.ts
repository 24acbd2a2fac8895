import type { CreateTableBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Store, StoreArea, StoreDatabase } from '../../store/store.ts'
import { countLiveSenders } from './liveSenders.ts'
import type { LedgerTables, SponsorshipRow } from './schema.ts'

type ColumnType = 'text' | 'bigint' | 'integer'

/** Every column that there was then, and whether it may be `null`. Later ones are added by later migrations. */
const columns = {
  id: ['text'],
  operation_key: ['text'],
  chain_id: ['bigint'],
  paymaster: ['text'],
  sender: ['text'],
  nonce: ['text'],
  policy_id: ['text'],
  policy_hash: ['text'],
  global_buckets: ['text'],
  user_buckets: ['text'],
  amount: ['text'],
  held: ['text'],
  price: ['text', 'optional'],
  valid_after: ['bigint'],
  valid_until: ['bigint'],
  signature: ['text', 'optional'],
  user_op_hash: ['text', 'optional'],
  state: ['text'],
  cost: ['text'],
  cost_micro_usd: ['text'],
  reverted: ['integer'],
  block_number: ['bigint', 'optional'],
  transaction_hash: ['text', 'optional'],
  created_at: ['bigint'],
  day: ['bigint'],
  app: ['text', 'optional'],
  key_id: ['text', 'optional'],
  selectors: ['text', 'optional'],
  told_until: ['bigint', 'optional'],
  told_settlement: ['text', 'optional'],
} as const satisfies Partial<
  Record<keyof SponsorshipRow, readonly [type: ColumnType, isOptional?: 'optional']>
>

/**
 * The keys of `sponsorships`. An area of its own, because the table that usage had pointed at the old
 * primary key: it goes first.
 */
export const ledgerKeysArea: StoreArea = {
  name: 'ledger_keys',
  migrations: [keyBySender, indexPromises, keyByNonce],
  openSqlite: countLiveSenders,
}

/**
 * One index begins with the sender where three had a place at random for each sponsorship, and what is
 * not settled is in no index of blocks: half of what is written with a reservation (decision 109).
 */
async function keyBySender(db: StoreDatabase): Promise<void> {
  await remake(db, ['sender', 'operation_key', 'id'])
  await sql`
    create index sponsorships_outstanding on sponsorships (chain_id, sender) where state = 'reserved'
  `.execute(db)
}

/** SQLite cannot take a primary key away from a table: the same rows in a new one, with its indexes but those that came later. */
async function remake(
  db: StoreDatabase,
  primaryKey: readonly (keyof SponsorshipRow)[],
): Promise<void> {
  await db.schema.alterTable('sponsorships').renameTo('sponsorships_before').execute()
  const names = Object.keys(columns) as (keyof typeof columns)[]
  let table: CreateTableBuilder<string, string> = db.schema.createTable('sponsorships')
  for (const name of names) {
    const [type, isOptional] = columns[name]
    table = table.addColumn(name, type, (column) => (isOptional ? column : column.notNull()))
  }
  await table
    // PostgreSQL gives each constraint a name, and the old table's still has the usual one.
    .addPrimaryKeyConstraint('sponsorships_key', [...primaryKey])
    .execute()
  await db
    .withTables<LedgerTables & { sponsorships_before: SponsorshipRow }>()
    .insertInto('sponsorships')
    .columns(names)
    .expression((from) => from.selectFrom('sponsorships_before').select(names))
    .execute()
  await db.schema.dropTable('sponsorships_before').execute()

  await sql`create index sponsorships_by_end on sponsorships (state, valid_until)`.execute(db)
  await sql`create index sponsorships_by_day on sponsorships (day)`.execute(db)
  await sql`
    create index sponsorships_by_block on sponsorships (block_number) where block_number is not null
  `.execute(db)
}

/** For `readPaymasterAccount`, which is asked every few seconds for each paymaster, those without promises included. */
async function indexPromises(db: StoreDatabase): Promise<void> {
  await sql`
    create index sponsorships_promised on sponsorships (chain_id, paymaster, valid_until)
    where state = 'reserved'
  `.execute(db)
}

/**
 * The key takes half of the room with the nonce in the place of chain, paymaster, sender and nonce. In SQLite senders
 * with reservations have no index any more, see `countLiveSenders`.
 */
async function keyByNonce(db: StoreDatabase, kind: Store['kind']): Promise<void> {
  if (kind === 'sqlite') {
    await remake(db, ['sender', 'nonce', 'id'])
    await indexPromises(db)
    return
  }
  await sql`
    alter table sponsorships drop constraint sponsorships_key,
    add constraint sponsorships_key primary key (sender, nonce, id)
  `.execute(db)
}
