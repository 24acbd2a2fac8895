import { sql } from 'kysely'
import type { ListStatement } from '../../store/listStatement.ts'
import type { Store } from '../../store/store.ts'
import { nonceOf, ofOperation, senderOf } from './rows.ts'
import type { BucketRow, LedgerTables, SponsorshipRow } from './schema.ts'

/** Whether a column keeps the value that its row began with. */
type Columns<row> = Readonly<Record<keyof row, 'kept' | 'set'>>

const sponsorshipColumns: Columns<SponsorshipRow> = {
  id: 'kept',
  operation_key: 'kept',
  chain_id: 'kept',
  paymaster: 'kept',
  sender: 'kept',
  nonce: 'kept',
  policy_id: 'kept',
  policy_hash: 'kept',
  global_buckets: 'set',
  user_buckets: 'set',
  amount: 'set',
  held: 'set',
  price: 'set',
  valid_after: 'set',
  valid_until: 'set',
  signature: 'set',
  user_op_hash: 'set',
  state: 'set',
  cost: 'set',
  cost_micro_usd: 'set',
  reverted: 'set',
  block_number: 'set',
  transaction_hash: 'set',
  created_at: 'set',
  day: 'set',
  app: 'kept',
  key_id: 'kept',
  selectors: 'kept',
  told_until: 'kept',
  told_settlement: 'kept',
}

const bucketColumns: Columns<BucketRow> = {
  id: 'kept',
  reserved_wei: 'set',
  settled_wei: 'set',
  reserved_micro_usd: 'set',
  settled_micro_usd: 'set',
  reserved_operations: 'set',
  settled_operations: 'set',
  expired_operations: 'set',
  ends_at: 'kept',
}

/** What the books read and write. */
export type BookStatements = {
  /** By keys. Rows of one key come in the order of their reservations. */
  readSponsorships: ListStatement<string, SponsorshipRow>
  /** By ids. */
  readBuckets: ListStatement<string, BucketRow>
  /** New rows, or rows in place of those that there are. Each id once. */
  writeSponsorships: ListStatement<SponsorshipRow, unknown>
  writeBuckets: ListStatement<BucketRow, unknown>
}

export function bookStatements(store: Pick<Store, 'listStatement'>): BookStatements {
  return {
    readSponsorships: store.listStatement({
      build: (db, keys) =>
        db
          .withTables<LedgerTables>()
          .selectFrom('sponsorships')
          .selectAll()
          .where(({ or }) => or(keys.map(ofOperation)))
          .orderBy('created_at')
          .orderBy('id')
          .compile(),
      parameters: (key) => [senderOf(key), nonceOf(key), key],
    }),
    readBuckets: store.listStatement({
      build: (db, ids) =>
        db
          .withTables<LedgerTables>()
          .selectFrom('buckets')
          .selectAll()
          .where('id', 'in', ids)
          .compile(),
      parameters: (id) => [id],
    }),
    writeSponsorships: writeStatement(store, 'sponsorships', sponsorshipColumns, [
      'sender',
      'nonce',
      'id',
    ]),
    writeBuckets: writeStatement(store, 'buckets', bucketColumns, ['id']),
  }
}

function writeStatement<row extends SponsorshipRow | BucketRow>(
  store: Pick<Store, 'listStatement'>,
  table: 'sponsorships' | 'buckets',
  columns: Columns<row>,
  primaryKey: readonly (keyof row & string)[],
): ListStatement<row, unknown> {
  const names = Object.keys(columns) as (keyof row & string)[]
  const parameters = (row: row) => names.map((name) => row[name])
  const set = names
    .filter((name) => columns[name] === 'set')
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`)
  return store.listStatement({
    build: (db, rows) =>
      sql`
        insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
        values ${sql.join(rows.map((row) => sql`(${sql.join(parameters(row))})`))}
        on conflict (${sql.join(primaryKey.map((name) => sql.ref(name)))}) do update set ${sql.join(set)}
      `.compile(db),
    parameters,
  })
}
