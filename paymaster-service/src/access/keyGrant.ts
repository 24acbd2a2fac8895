import { z } from 'zod'
import { origin, requestRate } from '../policy/document/primitives.ts'
import type { RequestRate } from '../policy/rate/requestRate.ts'

const text = z.string().min(1).max(200)

/** Most entries in one list of a scope. */
const maxEntries = 100

/** What a key may do; whatever is left out is not bounded by the key. */
export const keyScopeFields = {
  /** Ids of policies, of those that its app has. */
  policies: z.array(text).min(1).max(maxEntries).optional(),
  /** JSON-RPC methods, and `GET /usage` for that path. */
  methods: z.array(text).min(1).max(maxEntries).optional(),
  /** Values of the `Origin` header. With any, requests without one are refused. */
  origins: z.array(origin).min(1).max(maxEntries).optional(),
  /** Requests in a sliding window, whatever they ask; each of a batch counts. */
  rate: requestRate.optional(),
  /** Unix seconds from which on the key is refused. */
  expiresAt: z
    .number()
    .int()
    .min(0)
    .max(2 ** 48 - 1)
    .optional(),
}

/** What a key may do. */
export type KeyScope = {
  policies?: readonly string[] | undefined
  methods?: readonly string[] | undefined
  origins?: readonly string[] | undefined
  rate?: RequestRate | undefined
  expiresAt?: number | undefined
}

/** A key with what became of it. */
export type KeyGrant = KeyScope & {
  /** Unix seconds. */
  revokedAt?: number | undefined
  /** Whether its app may not ask at all. */
  appDisabled?: boolean
}

export type KeyUse = {
  method: string
  /** `Origin` header. */
  origin: string | undefined
  /** Unix seconds. */
  now: number
}

/** Why a key is refused. */
export type KeyRefusal = {
  rule:
    | 'key.unknown'
    | 'key.revoked'
    | 'key.expired'
    | 'key.app-disabled'
    | 'key.method'
    | 'key.origin'
  message: string
}

/** Rules of a key but its rate, in the order of what they tell. */
export function checkKey(grant: KeyGrant, { method, origin, now }: KeyUse): KeyRefusal | undefined {
  if (grant.revokedAt !== undefined) return refuse('key.revoked', 'the API key was revoked')
  if (grant.expiresAt !== undefined && now >= grant.expiresAt)
    return refuse('key.expired', `the API key ended at ${grant.expiresAt}, and it is ${now}`)
  if (grant.appDisabled) return refuse('key.app-disabled', 'the app of the API key is disabled')
  if (grant.methods && !grant.methods.includes(method))
    return refuse('key.method', `the API key may not call ${method}`)
  if (grant.origins && !grant.origins.includes(origin ?? ''))
    return refuse(
      'key.origin',
      `the API key may not be used from ${origin?.slice(0, 256) ?? 'outside a page'}`,
    )
  return undefined
}

/** Policies that a key may ask for, in the order of its app. A policy taken from the app is taken from its keys. */
export function policiesOfKey(
  appPolicies: readonly string[],
  { policies }: Pick<KeyScope, 'policies'>,
): readonly string[] {
  return policies ? appPolicies.filter((id) => policies.includes(id)) : appPolicies
}

function refuse(rule: KeyRefusal['rule'], reason: string): KeyRefusal {
  return { rule, message: `${rule}: ${reason}` }
}
