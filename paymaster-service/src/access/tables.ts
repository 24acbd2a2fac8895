import type { Kysely } from 'kysely'
import type { StoreArea, StoreDatabase, StoreTables } from '../store/store.ts'

/** Lists are JSON text, times Unix seconds. PostgreSQL answers `bigint` as text: read it by `Number`. */
export type AccessTables = {
  apps: AppRow
  api_keys: ApiKeyRow
}

export type AppRow = {
  name: string
  policies: string
  created_at: number
  disabled_at: number | null
}

export type ApiKeyRow = {
  id: string
  app: string
  hash: string
  label: string
  /** {@link KeyScope} without what is left out, as JSON. */
  scope: string
  created_at: number
  revoked_at: number | null
}

export type AccessDatabase = Kysely<StoreTables & AccessTables>

/** Tables of apps and keys. */
export const accessArea: StoreArea = { name: 'access', migrations: [createAccessTables] }

async function createAccessTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('apps')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('policies', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('disabled_at', 'bigint')
    .execute()
  await db.schema
    .createTable('api_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('app', 'text', (column) => column.notNull().references('apps.name'))
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .execute()
  await db.schema.createIndex('api_keys_by_app').on('api_keys').columns(['app', 'id']).execute()
}
