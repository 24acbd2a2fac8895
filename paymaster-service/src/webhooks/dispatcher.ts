import type { Logger } from 'pino'
import type { ClaimedDelivery, Outcome } from './deliveries.ts'
import type { Post } from './post.ts'
import { signatureHeader, signWebhook } from './webhookSignature.ts'

/** What the dispatcher asks of the store. */
export type DeliveryStore = {
  /** Webhooks that are delivered to. */
  active(): Promise<readonly { id: string; url: string }[]>
  claim(webhookId: string, options: ClaimOptions): Promise<readonly ClaimedDelivery[]>
  record(webhookId: string, delivery: ClaimedDelivery, outcome: Outcome): Promise<void>
}

type ClaimOptions = { now: number; limit: number; lease: number }

export type DispatcherParameters = {
  store: DeliveryStore
  post: Post
  secretOf: (webhookId: string) => string
  /** Unix seconds. */
  clock: () => number
  /** A signal that ends one attempt when it has taken too long. */
  timeout: () => AbortSignal
  log: Pick<Logger, 'warn'>
}

export type Dispatcher = {
  /** Starts what is due, as far as each webhook has room. Resolves when it is started, not when it is through. */
  dispatch(): Promise<void>
  /** Resolves when no attempt is under way. */
  idle(): Promise<void>
}

/** Attempts of one webhook at a time: one that hangs holds up nobody but itself. */
const perWebhook = 4
/** Seconds that a claim holds: longer than any attempt takes. */
export const leaseSeconds = 60

export function createDispatcher(parameters: DispatcherParameters): Dispatcher {
  const { store, post, secretOf, clock, timeout, log } = parameters
  const underWay = new Map<string, Set<Promise<void>>>()

  /** Delivers what is due, one after the other, as long as it arrives: what fails waits for the next look. */
  async function deliver(url: string, webhookId: string, first: ClaimedDelivery) {
    let next: ClaimedDelivery | undefined = first
    while (next) {
      const outcome: Outcome = await send(url, webhookId, next)
      await store.record(webhookId, next, outcome)
      ;[next] = outcome.error === null ? await claim(webhookId, 1) : []
    }
  }

  const claim = (webhookId: string, limit: number) =>
    store.claim(webhookId, { now: clock(), limit, lease: leaseSeconds })

  async function send(url: string, webhookId: string, { id, body }: ClaimedDelivery) {
    const at = clock()
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'fabstir-paymaster',
      'fabstir-delivery': id,
      [signatureHeader]: signWebhook(secretOf(webhookId), at, body),
    }
    try {
      return outcomeOf(await post({ url, headers, body, signal: timeout() }))
    } catch (error) {
      return { status: null, error: error instanceof Error ? error.message : String(error) }
    }
  }

  return {
    async dispatch() {
      for (const { id, url } of await store.active()) {
        const mine = underWay.get(id) ?? new Set()
        underWay.set(id, mine)
        const limit = perWebhook - mine.size
        if (limit === 0) continue
        for (const delivery of await claim(id, limit)) {
          const running: Promise<void> = deliver(url, id, delivery)
            .catch((error: unknown) => log.warn({ err: error, id }, 'a delivery was not recorded'))
            .finally(() => mine.delete(running))
          mine.add(running)
        }
      }
    },
    async idle() {
      await Promise.all([...underWay.values()].flatMap((running) => [...running]))
    },
  }
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { status, error: null }
  return { status, error: `answered ${status}, expected 200 to 299` }
}
