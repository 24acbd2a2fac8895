import { z } from 'zod'
import type { WebhookDatabase, WebhookRow } from './tables.ts'
import type { Subscription } from './webhookEvent.ts'
import { webhookEventTypes } from './webhookEvent.ts'

/** Without its secret, which is derived and never stored. */
export type Webhook = Subscription & {
  url: string
  /** `suspended`: nothing reached it for as long as a delivery is tried. */
  state: WebhookRow['state']
  createdAt: number
}

const eventTypes = z.array(z.enum(webhookEventTypes))

export async function insertWebhook(db: WebhookDatabase, webhook: Webhook): Promise<void> {
  await db
    .insertInto('webhooks')
    .values({
      id: webhook.id,
      url: webhook.url,
      app: webhook.app,
      events: JSON.stringify(webhook.events),
      state: webhook.state,
      created_at: webhook.createdAt,
    })
    .execute()
}

export async function readWebhook(db: WebhookDatabase, id: string): Promise<Webhook | undefined> {
  const row = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toWebhook(row)
}

export async function listWebhooks(db: WebhookDatabase): Promise<Webhook[]> {
  const rows = await db.selectFrom('webhooks').selectAll().orderBy('created_at').orderBy('id')
  return (await rows.execute()).map(toWebhook)
}

export async function setWebhookState(
  db: WebhookDatabase,
  id: string,
  state: WebhookRow['state'],
): Promise<void> {
  await db.updateTable('webhooks').set({ state }).where('id', '=', id).execute()
}

/** Deletes a webhook with what was still to be delivered to it; what is in the log stays until it is old. */
export async function deleteWebhook(db: WebhookDatabase, id: string): Promise<void> {
  await db
    .deleteFrom('webhook_deliveries')
    .where('webhook_id', '=', id)
    .where('state', '=', 'pending')
    .execute()
  await db.deleteFrom('webhooks').where('id', '=', id).execute()
}

export function toWebhook({ id, url, app, events, state, created_at }: WebhookRow): Webhook {
  return {
    id,
    url,
    app,
    events: eventTypes.parse(JSON.parse(events)),
    state,
    createdAt: Number(created_at),
  }
}
