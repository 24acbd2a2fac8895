import type { Store } from '../store/store.ts'
import { enqueue, isBehind } from './deliveries.ts'
import type { WebhookDatabase, WebhookTables } from './tables.ts'
import type { Subscription, WebhookEvent, WebhookEventType } from './webhookEvent.ts'
import { hears } from './webhookEvent.ts'
import { listWebhooks } from './webhookStore.ts'

/** What happened, before it has its id. */
export type Announcement = Omit<WebhookEvent, 'id'>

export type Outbox = {
  /** Writes events in the transaction of what they tell. */
  write(trx: WebhookDatabase, announcements: readonly Announcement[]): Promise<void>
  /**
   * Writes an event that tells of no change in the store, in a transaction of its own. Anybody with a key
   * of an app can cause such events, so a webhook that is behind hears of them no more.
   */
  announce(announcement: Announcement): Promise<void>
  /** Whether anybody hears of such events, as far as this process knows. */
  wanted(trx: WebhookDatabase, type: WebhookEventType): Promise<boolean>
  /** What was read of the webhooks may have changed. */
  changed(): void
}

/** Deliveries that may wait for a webhook before it hears only of what money was promised or spent for. */
const maxWaiting = 10_000
/** Milliseconds after which an instance of a shared store knows of a new webhook. */
const refreshMs = 1_000

/**
 * The outbox: an event is written with the change that it tells of, or not at all, so none is lost
 * and none is told that did not happen.
 * @param now Milliseconds.
 */
export function createOutbox({
  store,
  random,
  now,
  mostWaiting = maxWaiting,
}: {
  store: Pick<Store, 'kind' | 'transaction'>
  random: (size: number) => Uint8Array
  now: () => number
  mostWaiting?: number
}): Outbox {
  const isShared = store.kind !== 'sqlite'
  let known: { subscriptions: readonly Subscription[]; at: number } | undefined

  function fresh(): readonly Subscription[] | undefined {
    return known && !(isShared && now() - known.at >= refreshMs) ? known.subscriptions : undefined
  }

  /** Read in the transaction that is under way: SQLite has one connection. */
  async function subscriptions(trx: WebhookDatabase): Promise<readonly Subscription[]> {
    const current = fresh()
    if (current) return current
    const at = now()
    const all = await listWebhooks(trx)
    const active = all.filter(({ state }) => state === 'active')
    known = { subscriptions: active, at }
    return active
  }

  async function write(trx: WebhookDatabase, announcements: readonly Announcement[]) {
    await writeFor(trx, await subscriptions(trx), announcements)
  }

  async function writeFor(
    trx: WebhookDatabase,
    listening: readonly Subscription[],
    announcements: readonly Announcement[],
  ) {
    const events = announcements
      .filter((announcement) => listening.some((each) => hears(each, announcement)))
      .map((announcement) => ({
        ...announcement,
        id: `evt_${Buffer.from(random(16)).toString('hex')}`,
      }))
    if (events.length > 0) await enqueue(trx, listening, events)
  }

  return {
    write,
    async announce(announcement) {
      if (fresh()?.some((each) => hears(each, announcement)) === false) return
      await store.transaction(async (transaction) => {
        const trx = transaction.withTables<WebhookTables>()
        const keepingUp: Subscription[] = []
        for (const each of await subscriptions(trx))
          if (hears(each, announcement) && !(await isBehind(trx, each.id, mostWaiting)))
            keepingUp.push(each)
        await writeFor(trx, keepingUp, [announcement])
      })
    },
    async wanted(trx, type) {
      return (await subscriptions(trx)).some(({ events }) => events.includes(type))
    },
    changed() {
      known = undefined
    },
  }
}
