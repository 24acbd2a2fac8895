import type { StoreArea, StoreDatabase } from '../store/store.ts'

export type RateTables = {
  /** Requests in sliding windows, of instances that share a store. */
  request_sums: {
    /** Rule, length of the window, and whose requests. */
    name: string
    /** `SlidingSum` as JSON. */
    sum: string
    /** Unix seconds from which on nothing of it is in the window. */
    ends_at: number
  }
}

/** Tables of request rates. */
export const ratesArea: StoreArea = { name: 'rates', migrations: [createRateTables] }

async function createRateTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('request_sums')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('sum', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('request_sums_by_end').on('request_sums').column('ends_at').execute()
}
