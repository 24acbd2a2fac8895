import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { webhookState } from '../admin/webhookOperations.ts'
import { hashState } from '../audit/auditChain.ts'
import { appendAudit, takeTurn } from '../audit/auditLog.ts'
import type { AuditTables } from '../audit/tables.ts'
import type { Store } from '../store/store.ts'
import {
  type ClaimedDelivery,
  claimDue,
  deliveredSince,
  prune,
  recordAttempt,
} from '../webhooks/deliveries.ts'
import type { DeliveryStore } from '../webhooks/dispatcher.ts'
import { createDispatcher } from '../webhooks/dispatcher.ts'
import { createPost } from '../webhooks/post.ts'
import type { WebhookTables } from '../webhooks/tables.ts'
import { webhookSecret } from '../webhooks/webhookSignature.ts'
import { listWebhooks, readWebhook, setWebhookState } from '../webhooks/webhookStore.ts'

/** Milliseconds of one attempt. */
const attemptMs = 10_000
/** Milliseconds between looks for what is due. */
const pollingMs = 500
/** Milliseconds between looks for what is old. */
const pruningMs = 3_600_000

export type WebhookParameters = {
  store: Store
  webhookKey: string
  allowPrivate: boolean
  /** Unix seconds. */
  clock: () => number
  /** From 0 up to, but not, 1. */
  random: () => number
  log: Logger
  /** Told when a webhook was suspended. */
  onChange: () => void
}

/** Delivers webhooks until it is stopped. */
export function startWebhooks(parameters: WebhookParameters): { stop(): Promise<void> } {
  const { store, webhookKey, allowPrivate, clock, log } = parameters
  const stopping = new AbortController()
  const dispatcher = createDispatcher({
    store: deliveryStore(parameters),
    post: createPost({ allowPrivate }),
    secretOf: (id) => webhookSecret(webhookKey, id),
    clock,
    timeout: () => AbortSignal.any([stopping.signal, AbortSignal.timeout(attemptMs)]),
    log,
  })

  async function repeat(step: () => Promise<void>, pauseMs: number): Promise<void> {
    while (!stopping.signal.aborted) {
      await step().catch((error: unknown) => log.warn({ err: error }, 'webhooks are not delivered'))
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const ended = [
    repeat(dispatcher.dispatch, pollingMs),
    repeat(
      () => store.transaction((trx) => prune(trx.withTables<WebhookTables>(), clock())),
      pruningMs,
    ),
  ]
  return {
    async stop() {
      // What is under way ends as a failed attempt and is tried again after the next start.
      stopping.abort()
      await Promise.all(ended)
      await dispatcher.idle()
    },
  }
}

function deliveryStore({ store, clock, random, log, onChange }: WebhookParameters): DeliveryStore {
  const db = store.db.withTables<WebhookTables>()

  /** A webhook that nothing reached for as long as a delivery is tried is not written to any more. */
  async function suspend(id: string, { created_at }: ClaimedDelivery): Promise<void> {
    await store.transaction(async (trx) => {
      const webhooks = trx.withTables<WebhookTables>()
      const audit = trx.withTables<AuditTables>()
      await takeTurn(audit)
      const webhook = await readWebhook(webhooks, id)
      if (webhook?.state !== 'active' || (await deliveredSince(webhooks, id, created_at))) return
      await setWebhookState(webhooks, id, 'suspended')
      await appendAudit(audit, {
        actor: 'service',
        action: 'webhook.suspend',
        subject: `webhook/${id}`,
        beforeHash: hashState(webhookState(webhook)),
        afterHash: hashState(webhookState({ ...webhook, state: 'suspended' })),
        at: clock(),
      })
    })
    onChange()
    log.error({ webhook: id }, 'a webhook was suspended: nothing reaches it')
  }

  return {
    active: async () => (await listWebhooks(db)).filter(({ state }) => state === 'active'),
    claim: (id, options) => claimDue(db, id, options),
    async record(id, delivery, outcome) {
      const state = await store.transaction((trx) =>
        recordAttempt(trx.withTables<WebhookTables>(), delivery, {
          ...outcome,
          at: clock(),
          random: random(),
        }),
      )
      if (outcome.error !== null)
        log.warn({ webhook: id, delivery: delivery.id, ...outcome }, 'a webhook was not delivered')
      if (state === 'failed') await suspend(id, delivery)
    },
  }
}
