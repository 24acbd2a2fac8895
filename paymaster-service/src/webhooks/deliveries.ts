import { retryDelay } from './backoff.ts'
import type { AttemptRow, DeliveryRow, WebhookDatabase } from './tables.ts'
import type { Subscription, WebhookEvent } from './webhookEvent.ts'
import { eventBody, hears } from './webhookEvent.ts'

/** A delivery with its attempts, as the log shows it. */
export type Delivery = {
  id: string
  eventId: string
  webhookId: string
  type: string
  state: DeliveryRow['state']
  createdAt: number
  /** Unix seconds of the next attempt; `null` when there is none. */
  nextAt: number | null
  finishedAt: number | null
  attempts: readonly { attempt: number; at: number; status: number | null; error: string | null }[]
}

/** A delivery that is this process's to attempt. */
export type ClaimedDelivery = Pick<DeliveryRow, 'id' | 'body' | 'attempts' | 'created_at'>

/** What came of an attempt. */
export type Outcome = { status: number | null; error: string | null }

/** Seconds that a finished delivery stays in the log. */
const keptFinished = 30 * 86_400
/** Events of one statement: PostgreSQL takes 65,535 parameters. */
const chunk = 500

/** Writes what the webhooks will hear, in the transaction of what happened. */
export async function enqueue(
  trx: WebhookDatabase,
  subscriptions: readonly Subscription[],
  events: readonly WebhookEvent[],
): Promise<void> {
  const rows = events.flatMap((event) =>
    subscriptions
      .filter((subscription) => hears(subscription, event))
      .map((subscription): DeliveryRow => toRow(subscription, event)),
  )
  for (let start = 0; start < rows.length; start += chunk)
    await trx
      .insertInto('webhook_deliveries')
      .values(rows.slice(start, start + chunk))
      .execute()
}

/** Whether more than `most` deliveries wait for a webhook. */
export async function isBehind(
  db: WebhookDatabase,
  webhookId: string,
  most: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('webhook_id', '=', webhookId)
    .where('state', '=', 'pending')
    .offset(most)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function toRow({ id }: Subscription, event: WebhookEvent): DeliveryRow {
  return {
    id: `${event.id}.${id}`,
    event_id: event.id,
    webhook_id: id,
    type: event.type,
    body: eventBody(event),
    state: 'pending',
    attempts: 0,
    next_at: event.at,
    created_at: event.at,
    finished_at: null,
  }
}

/**
 * Takes up to `limit` deliveries that are due. Until the end of the lease no other instance has
 * them; after it they are due again, so that a killed process loses none.
 */
export async function claimDue(
  db: WebhookDatabase,
  webhookId: string,
  { now, limit, lease }: { now: number; limit: number; lease: number },
): Promise<ClaimedDelivery[]> {
  const due = await db
    .selectFrom('webhook_deliveries')
    .select(['id', 'body', 'attempts', 'created_at', 'next_at'])
    .where('webhook_id', '=', webhookId)
    .where('state', '=', 'pending')
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  const claimed: ClaimedDelivery[] = []
  for (const { next_at, ...delivery } of due) {
    const { numUpdatedRows } = await db
      .updateTable('webhook_deliveries')
      .set({ next_at: now + lease })
      .where('id', '=', delivery.id)
      .where('state', '=', 'pending')
      .where('next_at', '=', next_at)
      .executeTakeFirst()
    if (numUpdatedRows === 1n)
      claimed.push({ ...delivery, created_at: Number(delivery.created_at) })
  }
  return claimed
}

/**
 * Logs an attempt and says when the next one is.
 * @param random From 0 up to, but not, 1.
 * @returns What the delivery has become.
 */
export async function recordAttempt(
  trx: WebhookDatabase,
  delivery: ClaimedDelivery,
  outcome: Outcome & { at: number; random: number },
): Promise<DeliveryRow['state']> {
  const { at, status, error } = outcome
  const attempt = delivery.attempts + 1
  const row: AttemptRow = { delivery_id: delivery.id, attempt, at, status, error }
  await trx
    .insertInto('webhook_attempts')
    .values(row)
    // A process that lost its lease attempted it too.
    .onConflict((conflict) => conflict.columns(['delivery_id', 'attempt']).doNothing())
    .execute()
  const delay = error === null ? undefined : retryDelay(attempt, outcome.random)
  const state = error === null ? 'delivered' : delay === undefined ? 'failed' : 'pending'
  await trx
    .updateTable('webhook_deliveries')
    .set({
      state,
      attempts: attempt,
      ...(delay === undefined ? { finished_at: at } : { next_at: at + delay }),
    })
    .where('id', '=', delivery.id)
    .where('state', '!=', 'delivered')
    .execute()
  return state
}

/** Whether anything reached a webhook since `since`. */
export async function deliveredSince(
  db: WebhookDatabase,
  webhookId: string,
  since: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('webhook_id', '=', webhookId)
    .where('state', '=', 'delivered')
    .where('finished_at', '>=', since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Makes a delivery due again, whatever became of it. @returns Whether there is such a one. */
export async function redeliver(db: WebhookDatabase, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('webhook_deliveries')
    .set({ state: 'pending', next_at: now, finished_at: null })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The newest deliveries of a webhook, newest first. */
export async function listDeliveries(
  db: WebhookDatabase,
  webhookId: string,
  limit: number,
): Promise<Delivery[]> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('webhook_id', '=', webhookId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  const attempts =
    rows.length === 0
      ? []
      : await attemptsOf(
          db,
          rows.map(({ id }) => id),
        )
  return rows.map((row) => ({
    id: row.id,
    eventId: row.event_id,
    webhookId: row.webhook_id,
    type: row.type,
    state: row.state,
    createdAt: Number(row.created_at),
    nextAt: row.state === 'pending' ? Number(row.next_at) : null,
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
    attempts: attempts
      .filter(({ delivery_id }) => delivery_id === row.id)
      .map(({ attempt, at, status, error }) => ({ attempt, at: Number(at), status, error })),
  }))
}

function attemptsOf(db: WebhookDatabase, ids: readonly string[]): Promise<AttemptRow[]> {
  return db
    .selectFrom('webhook_attempts')
    .selectAll()
    .where('delivery_id', 'in', [...ids])
    .orderBy('attempt')
    .execute()
}

/** What waits for one webhook, and what was given up. */
export type WebhookQueue = {
  webhookId: string
  pending: number
  /** Unix seconds at which the oldest of those that wait was written; `null` when none waits. */
  oldestAt: number | null
  /** In the log: that had all their attempts. */
  failed: number
}

/** The queue of every webhook, also of those that are not delivered to. */
export async function webhookQueues(db: WebhookDatabase): Promise<WebhookQueue[]> {
  const rows = await db
    .selectFrom('webhooks')
    .leftJoin('webhook_deliveries', (join) =>
      join
        .onRef('webhook_deliveries.webhook_id', '=', 'webhooks.id')
        // Most of the log is delivered: it is not read.
        .on('webhook_deliveries.state', 'in', ['pending', 'failed']),
    )
    .select(['webhooks.id', 'webhook_deliveries.state'])
    .select(({ fn }) => [
      fn.count<number>('webhook_deliveries.id').as('deliveries'),
      fn.min<number | null>('webhook_deliveries.created_at').as('oldest'),
    ])
    .groupBy(['webhooks.id', 'webhook_deliveries.state'])
    .orderBy('webhooks.id')
    .execute()
  return [...Map.groupBy(rows, ({ id }) => id)].map(([webhookId, states]) => {
    const of = (state: DeliveryRow['state']) => states.find((row) => row.state === state)
    const oldest = of('pending')?.oldest ?? null
    return {
      webhookId,
      pending: Number(of('pending')?.deliveries ?? 0),
      oldestAt: oldest === null ? null : Number(oldest),
      failed: Number(of('failed')?.deliveries ?? 0),
    }
  })
}

/** Forgets finished deliveries that are old, with their attempts. */
export async function prune(trx: WebhookDatabase, now: number): Promise<void> {
  const old = trx
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('finished_at', '<', now - keptFinished)
  await trx.deleteFrom('webhook_attempts').where('delivery_id', 'in', old).execute()
  await trx
    .deleteFrom('webhook_deliveries')
    .where('finished_at', '<', now - keptFinished)
    .execute()
}
