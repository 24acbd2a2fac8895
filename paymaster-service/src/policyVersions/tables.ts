import type { Kysely } from 'kysely'
import type { StoreArea, StoreDatabase, StoreTables } from '../store/store.ts'

export type PolicyTables = {
  /** The version of each policy that is in force. */
  policies: { id: string; version: number; hash: string }
  /** Every version that ever was: what is on chain names its hash. */
  policy_versions: PolicyVersionRow
}

export type PolicyVersionRow = {
  id: string
  version: number
  hash: string
  on_chain_hash: string
  /** Canonical JSON. */
  document: string
  applied_at: number
  applied_by: string
}

export type PolicyDatabase = Kysely<StoreTables & PolicyTables>

/** Tables of policies. */
export const policiesArea: StoreArea = { name: 'policies', migrations: [createPolicyTables] }

async function createPolicyTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('policies')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('policy_versions')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('on_chain_hash', 'text', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .addColumn('applied_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('policy_versions_key', ['id', 'version'])
    .execute()
  await db.schema
    .createIndex('policy_versions_by_hash')
    .on('policy_versions')
    .column('on_chain_hash')
    .execute()
}
