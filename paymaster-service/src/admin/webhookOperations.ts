import { z } from 'zod'
import { readApp } from '../access/appStore.ts'
import type { AccessTables } from '../access/tables.ts'
import type { JsonValue } from '../policy/canonicalJson.ts'
import { listDeliveries, redeliver } from '../webhooks/deliveries.ts'
import { webhookUrlProblem } from '../webhooks/post.ts'
import type { WebhookTables } from '../webhooks/tables.ts'
import { webhookEventTypes } from '../webhooks/webhookEvent.ts'
import { webhookSecret } from '../webhooks/webhookSignature.ts'
import type { Webhook } from '../webhooks/webhookStore.ts'
import {
  deleteWebhook,
  insertWebhook,
  listWebhooks,
  readWebhook,
  setWebhookState,
} from '../webhooks/webhookStore.ts'
import { change } from './change.ts'
import { AdminError, conflict, notFound } from './errors.ts'
import { operation } from './operation.ts'

/** Each may hold four connections. */
const maxWebhooks = 100

const id = z.string()

export const createWebhook = operation(
  'POST',
  '/webhooks',
  z.strictObject({
    url: z.string().max(2_000),
    events: z.array(z.enum(webhookEventTypes)).min(1),
    app: z.string().optional(),
  }),
  async (context, { url, events, app = null }) => {
    const { webhookKey } = context
    if (webhookKey === undefined)
      throw new AdminError('unavailable', [
        {
          field: 'webhookKey',
          message: 'expected, since the secrets of webhooks are made from it',
        },
      ])
    const problem = webhookUrlProblem(url, context.allowPrivateWebhooks)
    if (problem !== undefined) throw new AdminError('invalid', [{ field: 'url', message: problem }])
    const webhook: Webhook = {
      id: `wh_${Buffer.from(context.random(8)).toString('hex')}`,
      url,
      app,
      events: [...new Set(events)],
      state: 'active',
      createdAt: context.clock(),
    }
    await change(context, async (trx) => {
      const db = trx.withTables<WebhookTables>()
      if (app !== null && !(await readApp(trx.withTables<AccessTables>(), app)))
        throw notFound('app', `there is no app ${app}`)
      const { length } = await listWebhooks(db)
      if (length >= maxWebhooks)
        throw conflict('url', `there are ${length} webhooks, and ${maxWebhooks} are the most`)
      await insertWebhook(db, webhook)
      const after = webhookState(webhook)
      const subject = `webhook/${webhook.id}`
      return { action: 'webhook.create', subject, before: undefined, after, result: undefined }
    })
    return { ...webhook, secret: webhookSecret(webhookKey, webhook.id) }
  },
)

export const webhooks = operation('GET', '/webhooks', z.strictObject({}), ({ store }) =>
  listWebhooks(store.db.withTables<WebhookTables>()),
)

export const changeWebhook = operation(
  'PATCH',
  '/webhooks/:id',
  z.strictObject({ id, state: z.enum(['active', 'disabled']) }),
  (context, { id: webhookId, state }) =>
    change(context, async (trx) => {
      const db = trx.withTables<WebhookTables>()
      const before = await found(db, webhookId)
      const after = { ...before, state }
      await setWebhookState(db, webhookId, state)
      return {
        action: 'webhook.change',
        subject: `webhook/${webhookId}`,
        before: webhookState(before),
        after: webhookState(after),
        result: after,
      }
    }),
)

export const removeWebhook = operation(
  'DELETE',
  '/webhooks/:id',
  z.strictObject({ id }),
  (context, { id: webhookId }) =>
    change(context, async (trx) => {
      const db = trx.withTables<WebhookTables>()
      const before = await found(db, webhookId)
      await deleteWebhook(db, webhookId)
      return {
        action: 'webhook.delete',
        subject: `webhook/${webhookId}`,
        before: webhookState(before),
        after: undefined,
        result: before,
      }
    }),
)

export const deliveries = operation(
  'GET',
  '/webhooks/:id/deliveries',
  z.strictObject({ id, limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
  ({ store }, { id: webhookId, limit }) =>
    listDeliveries(store.db.withTables<WebhookTables>(), webhookId, limit),
)

export const retryDelivery = operation(
  'POST',
  '/deliveries/:id/retry',
  z.strictObject({ id }),
  async ({ store, clock }, { id: deliveryId }) => {
    const known = await redeliver(store.db.withTables<WebhookTables>(), deliveryId, clock())
    if (!known) throw notFound('id', `there is no delivery ${deliveryId}`)
    return { id: deliveryId, state: 'pending' }
  },
)

async function found(db: Parameters<typeof readWebhook>[0], webhookId: string): Promise<Webhook> {
  const webhook = await readWebhook(db, webhookId)
  if (!webhook) throw notFound('id', `there is no webhook ${webhookId}`)
  return webhook
}

/** What the audit log hashes of a webhook. */
export function webhookState({
  id: webhookId,
  url,
  app,
  events,
  state,
  createdAt,
}: Webhook): JsonValue {
  return { id: webhookId, url, app, events, state, createdAt }
}
