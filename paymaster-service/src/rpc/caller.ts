import type { IncomingHttpHeaders } from 'node:http'
import type { KeyRefusal } from '../access/keyGrant.ts'

/** An app that asks for sponsorship, by one of its keys. */
export type App = {
  name: string
  /** Policies that may pay, in their order. */
  policyIds: readonly string[]
  /** Id of the key; absent for keys of the configuration. */
  keyId?: string
  /** What requests of the key are counted under, by its own rate and by those of policies. */
  rateKey: string
  /** `Origin` header of the request. */
  origin?: string
}

/** Too many requests for the rate of a key. */
export type RateRefusal = {
  /** The rule and its numbers. */
  message: string
  /** `null` is never. */
  retryAfterMs: number | null
}

/** Who asks, and what the key allows. */
export type Caller = {
  app: App
  /** Why the key may not be used for a method. */
  refuse(method: string): KeyRefusal | undefined
  /** Counts requests. */
  charge(requests: number): Promise<RateRefusal | undefined>
}

/** Tells who asks; `undefined` without a key that is known. */
export type Identify = (request: {
  headers: IncomingHttpHeaders
  query: unknown
}) => Promise<Caller | undefined>

/** The key in `Authorization: Bearer …` or, where no header can be set, in `?apikey=…`. */
export function keyOf(request: { headers: IncomingHttpHeaders; query: unknown }) {
  return bearer(request.headers.authorization) ?? queryKey(request.query)
}

function bearer(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1]
}

function queryKey(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null || !('apikey' in query)) return undefined
  return typeof query.apikey === 'string' ? query.apikey : undefined
}
