import type { IncomingHttpHeaders } from 'node:http'
import { hashApiKey } from '../access/apiKey.ts'
import type { KeyDirectory } from '../access/directory.ts'
import type { KeyGrant, KeyScope } from '../access/keyGrant.ts'
import { checkKey, policiesOfKey } from '../access/keyGrant.ts'
import type { RequestCounter } from '../gate/requestCounter.ts'
import type { Caller, Identify } from './caller.ts'
import { keyOf } from './caller.ts'

/** An app of the configuration with its only key. */
export type ConfiguredApp = { name: string; policyIds: readonly string[]; scope: KeyScope }

/** Apps of the configuration by the hash of their key: a lookup by hash tells nothing about a key by its time. */
export type ConfiguredApps = ReadonlyMap<string, ConfiguredApp>

export type IdentifyParameters = {
  configured: ConfiguredApps
  /** Keys of the store. */
  stored: Pick<KeyDirectory, 'find'>
  /** Counts requests, by seconds of its own clock. */
  counting: { count: RequestCounter; now: () => number }
  /** Unix seconds. */
  clock: () => number
}

/** Knows callers by keys of the configuration and of the store. */
export function createIdentify({
  configured,
  stored,
  counting,
  clock,
}: IdentifyParameters): Identify {
  return async (request) => {
    const key = keyOf(request)
    if (key === undefined) return undefined
    const origin = originOf(request.headers)
    const hash = hashApiKey(key)
    const app = configured.get(hash)
    if (app) {
      const { name, policyIds, scope } = app
      return caller({ name, policyIds, rateKey: `config:${hash}` }, scope)
    }
    const found = await stored.find(key)
    if (!found) return undefined
    const policyIds = policiesOfKey(found.policies, found.grant)
    const { app: name, id } = found
    return caller({ name, policyIds, keyId: id, rateKey: id }, found.grant)

    function caller(asking: Caller['app'], grant: KeyGrant): Caller {
      return {
        app: { ...asking, ...(origin === undefined ? {} : { origin }) },
        refuse: (method) => checkKey(grant, { method, origin, now: clock() }),
        async charge(requests) {
          const { rate } = grant
          if (!rate) return undefined
          const now = counting.now()
          const counted = { rule: 'key.rate', rate, subject: asking.rateKey } as const
          const refusal = await counting.count([counted], { now, requests })
          if (!refusal) return undefined
          const { message, resetsAt } = refusal
          const isNever = typeof resetsAt !== 'number'
          return { message, retryAfterMs: isNever ? null : Math.ceil((resetsAt - now) * 1_000) }
        },
      }
    }
  }
}

function originOf({ origin }: IncomingHttpHeaders): string | undefined {
  return typeof origin === 'string' ? origin : undefined
}
