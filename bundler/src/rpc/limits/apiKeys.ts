import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Rate } from './tokenBucket.ts'

/** Who holds a key, and what it allows. */
export type KeyHolder = {
  name: string
  /** Absent: as fast as the bundler is. */
  rate?: Rate
  /** Whether its operations may pay no fees. */
  boost: boolean
}

/** Holders by sha256 of their key, hex. A lookup by hash tells nothing about a key by its time. */
export type ApiKeys = ReadonlyMap<string, KeyHolder>

export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** Finds the holder by `x-api-key`, `Authorization: Bearer …`, or the key in `/v1/<key>/rpc`. */
export function findKeyHolder(
  keys: ApiKeys,
  request: { headers: IncomingHttpHeaders; pathKey: string | undefined },
): KeyHolder | undefined {
  const { headers, pathKey } = request
  const header = headers['x-api-key']
  const key =
    (typeof header === 'string' ? header : undefined) ?? bearer(headers.authorization) ?? pathKey
  return key === undefined ? undefined : keys.get(hashApiKey(key))
}

function bearer(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1]
}
