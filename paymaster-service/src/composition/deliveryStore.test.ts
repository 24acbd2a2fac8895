import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readAudit } from '../audit/auditLog.ts'
import type { AuditTables } from '../audit/tables.ts'
import { startPostgres } from '../testing/postgresDatabase.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import { maxAttempts } from '../webhooks/backoff.ts'
import { enqueue } from '../webhooks/deliveries.ts'
import type { DeliveryStore } from '../webhooks/dispatcher.ts'
import type { WebhookTables } from '../webhooks/tables.ts'
import { insertWebhook, readWebhook } from '../webhooks/webhookStore.ts'
import { deliveryStore } from './deliveryStore.ts'

beforeAll(startPostgres, 120_000)

const subscription = { id: 'wh_1', app: null, events: ['sponsorship.settled'] as const }

describe.each(testStores)('a webhook in $name', ({ open }) => {
  let opened: TestStore
  let deliveries: DeliveryStore
  let now: number
  let changes: number

  beforeEach(async () => {
    opened = await open()
    now = 1_000
    changes = 0
    deliveries = deliveryStore({
      store: opened.store,
      clock: () => now,
      random: () => 0,
      log: { warn() {}, error() {} },
      onChange: () => changes++,
    })
    const db = opened.store.db.withTables<WebhookTables>()
    const webhook = { ...subscription, url: 'https://a.example', state: 'active' as const }
    await insertWebhook(db, { ...webhook, createdAt: 1 })
  })
  afterEach(() => opened.close())

  const happen = (id: string) =>
    opened.store.transaction((trx) =>
      enqueue(
        trx.withTables<WebhookTables>(),
        [subscription],
        [{ id, type: 'sponsorship.settled', app: 'app', at: now, data: {} }],
      ),
    )
  /** Attempts everything that is due, with one outcome. */
  async function attempt(error: string | null) {
    const due = await deliveries.claim('wh_1', { now, limit: 10, lease: 60 })
    for (const delivery of due) await deliveries.record('wh_1', delivery, { status: 500, error })
    return due.length
  }
  const stateOf = async () =>
    (await readWebhook(opened.store.db.withTables<WebhookTables>(), 'wh_1'))?.state

  test('that nothing reaches is suspended when a delivery has had all its attempts, and it is audited', async () => {
    await happen('evt_1')
    for (let count = 1; count < maxAttempts; count++) {
      expect(await attempt('answered 500')).toBe(1)
      now += 30_000
    }
    expect(await stateOf()).toBe('active')
    await attempt('answered 500')
    expect(await stateOf()).toBe('suspended')
    expect(await deliveries.active()).toEqual([])
    expect(changes).toBe(1)
    expect(await readAudit(opened.store.db.withTables<AuditTables>(), {})).toMatchObject([
      { actor: 'service', action: 'webhook.suspend', subject: 'webhook/wh_1' },
    ])
  })

  test('that something else reached meanwhile stays', async () => {
    await happen('evt_1')
    for (let count = 1; count < maxAttempts; count++) {
      await attempt('answered 500')
      now += 30_000
    }
    const [last] = await deliveries.claim('wh_1', { now, limit: 1, lease: 60 })
    if (!last) throw new Error('nothing is due')
    await happen('evt_2')
    await attempt(null)
    await deliveries.record('wh_1', last, { status: 500, error: 'answered 500' })
    expect(await stateOf()).toBe('active')
    expect(changes).toBe(0)
  })
})
