import type { JsonValue } from '../policy/canonicalJson.ts'

/** What webhooks tell. */
export const webhookEventTypes = [
  'sponsorship.requested',
  'sponsorship.sponsored',
  'sponsorship.settled',
  'sponsorship.refused',
  'paymaster.low-balance',
] as const

export type WebhookEventType = (typeof webhookEventTypes)[number]

/** Something that happened. */
export type WebhookEvent = {
  /** The same with every attempt and every webhook: by it receivers know what they have seen. */
  id: string
  type: WebhookEventType
  /** App whose operation it is about; `null` for what concerns the whole service. */
  app: string | null
  /** Unix seconds. */
  at: number
  /** Wei are decimal text. */
  data: { [key: string]: JsonValue }
}

/** What decides whether a webhook hears of an event. */
export type Subscription = {
  id: string
  /** Only events of this app; `null` hears all of them. */
  app: string | null
  events: readonly WebhookEventType[]
}

export function hears({ app, events }: Subscription, event: Pick<WebhookEvent, 'type' | 'app'>) {
  return events.includes(event.type) && (app === null || app === event.app)
}

/** The body that is signed and sent. */
export function eventBody({ id, type, app, at, data }: WebhookEvent): string {
  return JSON.stringify({ id, type, app, at, data })
}
