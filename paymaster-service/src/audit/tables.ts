import type { Kysely } from 'kysely'
import type { StoreArea, StoreDatabase, StoreTables } from '../store/store.ts'
import { emptyHead } from './auditChain.ts'

export type AuditTables = {
  audit_log: AuditRow
  /** One row: the last entry, which the next one takes as its turn. */
  audit_head: { id: number; seq: number; hash: string }
}

export type AuditRow = {
  seq: number
  at: number
  actor: string
  action: string
  subject: string
  before_hash: string | null
  after_hash: string | null
  previous_hash: string
  hash: string
}

export type AuditDatabase = Kysely<StoreTables & AuditTables>

/** Tables of the audit log. */
export const auditArea: StoreArea = { name: 'audit', migrations: [createAuditTables] }

async function createAuditTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('audit_log')
    .addColumn('seq', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('before_hash', 'text')
    .addColumn('after_hash', 'text')
    .addColumn('previous_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('audit_head')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute()
  const head = db.withTables<AuditTables>()
  await head
    .insertInto('audit_head')
    .values({ id: 1, ...emptyHead })
    .execute()
}
