import type { Kysely } from 'kysely'
import type { StoreArea, StoreDatabase, StoreTables } from '../store/store.ts'

export type WebhookTables = {
  webhooks: WebhookRow
  webhook_deliveries: DeliveryRow
  /** The delivery log: one row for each attempt. */
  webhook_attempts: AttemptRow
}

export type WebhookRow = {
  id: string
  url: string
  app: string | null
  /** JSON list of event types. */
  events: string
  state: 'active' | 'disabled' | 'suspended'
  created_at: number
}

export type DeliveryRow = {
  /** `<event id>.<webhook id>` */
  id: string
  event_id: string
  webhook_id: string
  type: string
  body: string
  state: 'pending' | 'delivered' | 'failed'
  attempts: number
  /** Unix seconds from which on it may be tried; claimed ones lie ahead. */
  next_at: number
  created_at: number
  finished_at: number | null
}

export type AttemptRow = {
  delivery_id: string
  attempt: number
  at: number
  /** HTTP status; `null` when there was no answer. */
  status: number | null
  error: string | null
}

export type WebhookDatabase = Kysely<StoreTables & WebhookTables>

/** Tables of webhooks. */
export const webhooksArea: StoreArea = { name: 'webhooks', migrations: [createWebhookTables] }

async function createWebhookTables(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('webhooks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('app', 'text')
    .addColumn('events', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('webhook_deliveries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('event_id', 'text', (column) => column.notNull())
    .addColumn('webhook_id', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('webhook_deliveries_due')
    .on('webhook_deliveries')
    .columns(['webhook_id', 'state', 'next_at'])
    .execute()
  await db.schema
    .createTable('webhook_attempts')
    .addColumn('delivery_id', 'text', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('error', 'text')
    .addPrimaryKeyConstraint('webhook_attempts_key', ['delivery_id', 'attempt'])
    .execute()
}
