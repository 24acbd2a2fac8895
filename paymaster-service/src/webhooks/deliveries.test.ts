import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPostgres } from '../testing/postgresDatabase.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import { maxAttempts } from './backoff.ts'
import type { ClaimedDelivery } from './deliveries.ts'
import {
  claimDue,
  deliveredSince,
  enqueue,
  listDeliveries,
  prune,
  recordAttempt,
  redeliver,
  webhookQueues,
} from './deliveries.ts'
import { createOutbox } from './outbox.ts'
import type { WebhookDatabase, WebhookTables } from './tables.ts'
import type { Subscription } from './webhookEvent.ts'
import { insertWebhook } from './webhookStore.ts'

const event = (id: string, app: string | null = 'app') => ({
  id,
  type: 'sponsorship.settled' as const,
  app,
  at: 1_000,
  data: { costWei: '5' },
})
const subscription = (id: string, app: string | null = null): Subscription => ({
  id,
  app,
  events: ['sponsorship.settled'],
})
const claim = { now: 1_000, limit: 10, lease: 60 }

beforeAll(startPostgres, 120_000)

describe.each(testStores)('webhook deliveries in $name', ({ open }) => {
  let opened: TestStore
  let db: WebhookDatabase

  beforeEach(async () => {
    opened = await open()
    db = opened.store.db.withTables<WebhookTables>()
  })
  afterEach(() => opened.close())

  async function claimOne(now = 1_000): Promise<ClaimedDelivery> {
    const [delivery] = await claimDue(db, 'a', { ...claim, now })
    if (!delivery) throw new Error('nothing is due')
    return delivery
  }
  const record = (delivery: ClaimedDelivery, error: string | null, at: number) =>
    recordAttempt(db, delivery, { status: error ? 500 : 200, error, at, random: 0 })

  test('each webhook that hears of an event has a delivery of its own', async () => {
    const listening = [subscription('a'), subscription('b', 'app'), subscription('c', 'other')]
    const deaf: Subscription = { id: 'd', app: null, events: ['paymaster.low-balance'] }
    await enqueue(db, [...listening, deaf], [event('e1'), event('e2', null)])
    const of = async (id: string) => (await listDeliveries(db, id, 10)).map(({ id: each }) => each)
    expect(await of('a')).toEqual(['e1.a', 'e2.a'])
    expect(await of('b')).toEqual(['e1.b'])
    expect(await of('c')).toEqual([])
    expect(await of('d')).toEqual([])
  })

  test('of two that claim one has it, until the lease ends', async () => {
    await enqueue(db, [subscription('a')], [event('e1')])
    const both = await Promise.all([claimDue(db, 'a', claim), claimDue(db, 'a', claim)])
    expect(both.flat().map(({ id }) => id)).toEqual(['e1.a'])
    expect(await claimDue(db, 'a', { ...claim, now: 1_059 })).toEqual([])
    // The process that claimed it was killed.
    expect((await claimDue(db, 'a', { ...claim, now: 1_060 })).map(({ id }) => id)).toEqual([
      'e1.a',
    ])
  })

  test('a failure is tried again later, and the log has both attempts', async () => {
    await enqueue(db, [subscription('a')], [event('e1')])
    expect(await record(await claimOne(), 'answered 500', 1_001)).toBe('pending')
    expect(await claimDue(db, 'a', { ...claim, now: 1_003 })).toEqual([])
    expect(await record(await claimOne(1_004), null, 1_005)).toBe('delivered')
    expect(await listDeliveries(db, 'a', 10)).toMatchObject([
      {
        id: 'e1.a',
        state: 'delivered',
        nextAt: null,
        finishedAt: 1_005,
        attempts: [
          { attempt: 1, at: 1_001, status: 500, error: 'answered 500' },
          { attempt: 2, at: 1_005, status: 200, error: null },
        ],
      },
    ])
    expect(await deliveredSince(db, 'a', 1_005)).toBe(true)
    expect(await deliveredSince(db, 'a', 1_006)).toBe(false)
  })

  test(`after ${maxAttempts} failures it has failed, and is due again only when somebody says so`, async () => {
    await enqueue(db, [subscription('a')], [event('e1')])
    let now = 1_000
    for (let attempt = 1; attempt < maxAttempts; attempt++) {
      expect(await record(await claimOne(now), 'no', now)).toBe('pending')
      now += 30_000
    }
    expect(await record(await claimOne(now), 'no', now)).toBe('failed')
    expect(await claimDue(db, 'a', { ...claim, now: now + 1_000_000 })).toEqual([])
    expect(await redeliver(db, 'e1.a', now)).toBe(true)
    expect(await redeliver(db, 'nothing', now)).toBe(false)
    expect(await record(await claimOne(now), null, now)).toBe('delivered')
  })

  test('the queue: what waits, since when, and what was given up; delivered ones are in neither', async () => {
    for (const id of ['a', 'b'])
      await insertWebhook(db, {
        ...subscription(id),
        url: `https://${id}.example`,
        state: 'active',
        createdAt: 1,
      })
    await enqueue(db, [subscription('a')], [event('e1'), { ...event('e2'), at: 900 }, event('e3')])
    expect(await webhookQueues(db)).toEqual([
      { webhookId: 'a', pending: 3, oldestAt: 900, failed: 0 },
      { webhookId: 'b', pending: 0, oldestAt: null, failed: 0 },
    ])
    const [oldest, delivered] = await claimDue(db, 'a', claim)
    if (!oldest || !delivered) throw new Error('nothing is due')
    await record({ ...oldest, attempts: maxAttempts - 1 }, 'no', 1_001)
    await record(delivered, null, 1_001)
    expect(await webhookQueues(db)).toEqual([
      { webhookId: 'a', pending: 1, oldestAt: 1_000, failed: 1 },
      { webhookId: 'b', pending: 0, oldestAt: null, failed: 0 },
    ])
  })

  test('what finished 30 days ago is forgotten, with its attempts', async () => {
    await enqueue(db, [subscription('a')], [event('e1'), event('e2')])
    await record(await claimOne(), null, 1_000)
    await prune(db, 1_000 + 30 * 86_400)
    expect(await listDeliveries(db, 'a', 10)).toHaveLength(2)
    await prune(db, 1_001 + 30 * 86_400)
    expect(await listDeliveries(db, 'a', 10)).toMatchObject([{ id: 'e2.a', state: 'pending' }])
    expect(await db.selectFrom('webhook_attempts').selectAll().execute()).toEqual([])
  })

  test('an event is written with its change or not at all', async () => {
    const outbox = createOutbox({
      store: opened.store,
      random: (size) => new Uint8Array(size),
      now: () => 0,
    })
    await insertWebhook(db, {
      ...subscription('a'),
      url: 'https://a.example',
      state: 'active',
      createdAt: 1,
    })
    const { id: _, ...announcement } = event('')
    const failing = opened.store.transaction(async (trx) => {
      await outbox.write(trx.withTables<WebhookTables>(), [announcement])
      throw new Error('the change failed')
    })
    await expect(failing).rejects.toThrow('the change failed')
    expect(await listDeliveries(db, 'a', 10)).toEqual([])
    await outbox.announce(announcement)
    expect(await listDeliveries(db, 'a', 10)).toHaveLength(1)
    await outbox.announce({ ...announcement, type: 'sponsorship.refused' })
    expect(await listDeliveries(db, 'a', 10)).toHaveLength(1)
  })

  test('requests fill no store where a webhook is behind; what was spent is told all the same', async () => {
    let made = 0
    const outbox = createOutbox({
      store: opened.store,
      random: (size) => new Uint8Array(size).fill(++made),
      now: () => 0,
      mostWaiting: 3,
    })
    const events = ['sponsorship.refused', 'sponsorship.settled'] as const
    for (const id of ['slow', 'fast'])
      await insertWebhook(db, {
        ...{ id, app: null, events, url: `https://${id}.example` },
        ...{ state: 'active', createdAt: 1 },
      })
    const { id: _, ...announcement } = event('')
    const refuse = () => outbox.announce({ ...announcement, type: 'sponsorship.refused' })
    for (let round = 0; round < 6; round++) {
      await refuse()
      for (const delivery of await claimDue(db, 'fast', claim)) await record(delivery, null, 1_000)
    }
    expect(await listDeliveries(db, 'slow', 100)).toHaveLength(4)
    expect(await listDeliveries(db, 'fast', 100)).toHaveLength(6)
    await outbox.write(db, [announcement])
    expect(await listDeliveries(db, 'slow', 100)).toHaveLength(5)
  })
})
