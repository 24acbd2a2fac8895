import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Store } from '../store/store.ts'
import { prune } from '../webhooks/deliveries.ts'
import { createDispatcher } from '../webhooks/dispatcher.ts'
import { createPost } from '../webhooks/post.ts'
import type { WebhookTables } from '../webhooks/tables.ts'
import { webhookSecret } from '../webhooks/webhookSignature.ts'
import { deliveryStore } from './deliveryStore.ts'

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
