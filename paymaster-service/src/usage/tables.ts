import { sql } from 'kysely'
import type { StoreArea, StoreDatabase } from '../store/store.ts'

/** Usage has no tables any more: it reports from those of the ledger. */
export const usageArea: StoreArea = {
  name: 'usage',
  migrations: [createOrigins, moveOriginsToLedger],
}

async function createOrigins(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('sponsorship_origins')
    .addColumn('sponsorship_id', 'text', (column) =>
      column.primaryKey().references('sponsorships.id').onDelete('cascade'),
    )
    .addColumn('app', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('selectors', 'text', (column) => column.notNull())
    .addColumn('signed_until', 'bigint')
    .addColumn('settled_in', 'text')
    .execute()
}

/** The ledger's own migrations run first. */
async function moveOriginsToLedger(db: StoreDatabase): Promise<void> {
  await sql`
    update sponsorships
    set
      app = origins.app,
      key_id = origins.key_id,
      selectors = origins.selectors,
      told_until = origins.signed_until,
      told_settlement = origins.settled_in
    from sponsorship_origins as origins
    where origins.sponsorship_id = sponsorships.id
  `.execute(db)
  await db.schema.dropTable('sponsorship_origins').execute()
}
