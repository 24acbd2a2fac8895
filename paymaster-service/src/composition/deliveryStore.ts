import type { Logger } from 'pino'
import { webhookState } from '../admin/webhookOperations.ts'
import { hashState } from '../audit/auditChain.ts'
import { appendAudit, takeTurn } from '../audit/auditLog.ts'
import type { AuditTables } from '../audit/tables.ts'
import type { Store } from '../store/store.ts'
import type { ClaimedDelivery } from '../webhooks/deliveries.ts'
import { claimDue, deliveredSince, recordAttempt } from '../webhooks/deliveries.ts'
import type { DeliveryStore } from '../webhooks/dispatcher.ts'
import type { WebhookTables } from '../webhooks/tables.ts'
import { listWebhooks, readWebhook, setWebhookState } from '../webhooks/webhookStore.ts'

export type DeliveryStoreParameters = {
  store: Store
  /** Unix seconds. */
  clock: () => number
  /** From 0 up to, but not, 1. */
  random: () => number
  log: Pick<Logger, 'warn' | 'error'>
  /** Told when a webhook was suspended. */
  onChange: () => void
}

/** Deliveries in the store, and the end of webhooks that nothing reaches. */
export function deliveryStore({
  store,
  clock,
  random,
  log,
  onChange,
}: DeliveryStoreParameters): DeliveryStore {
  const db = store.db.withTables<WebhookTables>()

  /** A webhook that nothing reached for as long as a delivery is tried is not written to any more. */
  async function suspend(id: string, { created_at }: ClaimedDelivery): Promise<void> {
    const isSuspended = await store.transaction(async (trx) => {
      const webhooks = trx.withTables<WebhookTables>()
      const audit = trx.withTables<AuditTables>()
      await takeTurn(audit)
      const webhook = await readWebhook(webhooks, id)
      if (webhook?.state !== 'active' || (await deliveredSince(webhooks, id, created_at)))
        return false
      await setWebhookState(webhooks, id, 'suspended')
      await appendAudit(audit, {
        actor: 'service',
        action: 'webhook.suspend',
        subject: `webhook/${id}`,
        beforeHash: hashState(webhookState(webhook)),
        afterHash: hashState(webhookState({ ...webhook, state: 'suspended' })),
        at: clock(),
      })
      return true
    })
    if (!isSuspended) return
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
