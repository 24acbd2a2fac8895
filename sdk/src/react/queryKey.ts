import type { QueryKey } from '@tanstack/react-query'
import type { FabstirClient } from '../clients/createFabstirClient.ts'

/** What begins the key of every query of this package, to invalidate them all. */
export const fabstirKey = 'fabstir'

/** What is asked with one client is not the answer for another. */
export function queryKeyOf(
  client: FabstirClient | undefined,
  name: string,
  parameters: unknown,
): QueryKey {
  return [fabstirKey, client?.contracts.chainId, client?.account.address, name, parameters]
}

/** TanStack's own hash takes no bigint. The order of fields does not count. */
export function hashKey(key: QueryKey): string {
  return JSON.stringify(key, (_, value: unknown) => {
    if (typeof value === 'bigint') return { bigint: value.toString() }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
