import type { StoreArea, StoreDatabase } from '../store/store.ts'

export type UsageTables = {
  /** Who asked for a sponsorship, and for what: one row for each that the ledger has. */
  sponsorship_origins: {
    sponsorship_id: string
    app: string
    /** `null` for keys of the configuration. */
    key_id: string | null
    /** Selectors of the inner calls, each once, sorted and joined by `+`: one operation is in one group. */
    selectors: string
    /** End of the signature that webhooks were told of; `null` before any was. */
    signed_until: number | null
    /** Block and transaction of the settlement that webhooks were told of. */
    settled_in: string | null
  }
}

/** Tables of the usage. */
export const usageArea: StoreArea = { name: 'usage', migrations: [createUsageTables] }

async function createUsageTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('sponsorship_origins')
    // What the ledger forgets is forgotten here: whoever never sends what is signed fills no disk.
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
