import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** An app that may ask for sponsorship. Its key is known by its hash only. */
export type App = { name: string; policyIds: readonly string[] }

/** Apps by sha256 of their key, hex. Keys are random, so a fast hash hides them as well as a slow one. */
export type ApiKeys = ReadonlyMap<string, App>

/** What is stored in place of a key. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** Finds the app by `Authorization: Bearer …` or, where no header can be set, by `?apikey=…`. */
export function findApp(
  keys: ApiKeys,
  request: { headers: IncomingHttpHeaders; query: unknown },
): App | undefined {
  const key = bearer(request.headers.authorization) ?? queryKey(request.query)
  return key === undefined ? undefined : keys.get(hashApiKey(key))
}

function bearer(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1]
}

function queryKey(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null || !('apikey' in query)) return undefined
  return typeof query.apikey === 'string' ? query.apikey : undefined
}
