import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '../method.ts'
import type { ApiKeys } from './apiKeys.ts'
import { findKeyHolder } from './apiKeys.ts'
import { callerOfAddress, createRateLimits } from './rateLimits.ts'
import type { Rate } from './tokenBucket.ts'

export type AccessOptions = {
  /** With any key, every request needs one. */
  apiKeys: ApiKeys
  /** For callers without a key, by their address; absent: no limit. */
  anonymousRate?: Rate
  /** Unix milliseconds. */
  now: () => number
}

export type Request = { headers: IncomingHttpHeaders; ip: string; pathKey: string | undefined }

/** Tells who asks; `undefined` for a caller that needs a key and has none that is known. */
export type Identify = (request: Request) => Caller | undefined

export function createIdentify({ apiKeys, anonymousRate, now }: AccessOptions): Identify {
  const charge = createRateLimits({ now })
  return (request) => {
    if (apiKeys.size === 0 && request.pathKey === undefined) {
      const address = `address:${callerOfAddress(request.ip)}`
      return {
        boost: false,
        charge: (requests) => anonymousRate && charge(address, anonymousRate, requests),
      }
    }
    const holder = findKeyHolder(apiKeys, request)
    if (!holder) return undefined
    const { name, rate, boost } = holder
    return { boost, charge: (requests) => rate && charge(`key:${name}`, rate, requests) }
  }
}
