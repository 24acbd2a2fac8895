import { type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { FabstirClient } from '../clients/createFabstirClient.ts'
import { NotConnectedError } from './errors.ts'
import { hashKey, queryKeyOf } from './queryKey.ts'
import { useFabstirClient } from './useFabstirClient.ts'

/** Options of TanStack's `useQuery` that are the caller's. */
export type ViewOptions<data> = Omit<
  UseQueryOptions<data, Error>,
  'queryKey' | 'queryFn' | 'queryKeyHashFn'
>

/**
 * Any read of this package as a query: `useView(getNode, { node })`. Actions of the same provider make it ask again.
 * @param parameters `undefined` as long as they are not known: nothing is asked then.
 * @example
 * const { data } = useView(findHosts, { model: 'llama-70b' })
 */
export function useView<parameters extends object, data>(
  view: (client: FabstirClient, parameters: parameters) => Promise<data>,
  parameters: parameters | undefined,
  { enabled = true, ...options }: ViewOptions<data> = {},
): UseQueryResult<data, Error> {
  const client = useFabstirClient()
  return useQuery({
    ...options,
    queryKey: queryKeyOf(client, nameOf(view), parameters),
    queryKeyHashFn: hashKey,
    async queryFn() {
      if (!client || !parameters) throw new NotConnectedError()
      return view(client, parameters)
    },
    enabled: client !== undefined && parameters !== undefined && enabled,
  })
}

const names = new WeakMap<object, string>()
let count = 0

/** Bundlers shorten the names of functions, so that two of them may have the same. */
function nameOf(view: object): string {
  const known = names.get(view)
  if (known !== undefined) return known
  count += 1
  const name = `view${count}`
  names.set(view, name)
  return name
}
