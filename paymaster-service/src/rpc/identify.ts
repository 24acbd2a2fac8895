import type { IncomingHttpHeaders } from 'node:http'
import { hashApiKey } from '../access/apiKey.ts'
import type { KeyDirectory } from '../access/directory.ts'
import type { KeyGrant, KeyScope } from '../access/keyGrant.ts'
import { checkKey, policiesOfKey } from '../access/keyGrant.ts'
import type { RateLimits } from '../access/rateLimit.ts'
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
  charge: RateLimits
  /** Unix seconds. */
  clock: () => number
}

/** Knows callers by keys of the configuration and of the store. */
export function createIdentify({
  configured,
  stored,
  charge,
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
      return caller({ name, policyIds }, scope, `config:${hash}`)
    }
    const found = await stored.find(key)
    if (!found) return undefined
    const policyIds = policiesOfKey(found.policies, found.grant)
    return caller({ name: found.app, policyIds, keyId: found.id }, found.grant, found.id)

    function caller(asking: Caller['app'], grant: KeyGrant, bucket: string): Caller {
      return {
        app: { ...asking, ...(origin === undefined ? {} : { origin }) },
        refuse: (method) => checkKey(grant, { method, origin, now: clock() }),
        charge(requests) {
          const { rate } = grant
          const waitMs = rate && charge(bucket, rate, requests)
          return rate && waitMs !== undefined ? { ...rate, waitMs } : undefined
        },
      }
    }
  }
}

function originOf({ origin }: IncomingHttpHeaders): string | undefined {
  return typeof origin === 'string' ? origin : undefined
}
