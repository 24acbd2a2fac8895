import type { Client } from 'viem'

/** Addresses that a client's transport asks, also behind `fallback`; none of a wallet's provider. */
export function urlsOf({ transport }: Pick<Client, 'transport'>): readonly string[] {
  return urlsIn(transport)
}

function urlsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('url' in value && typeof value.url === 'string') return [value.url]
  if (!('transports' in value) || !Array.isArray(value.transports)) return []
  return value.transports.flatMap((inner: { value?: unknown }) => urlsIn(inner.value))
}
