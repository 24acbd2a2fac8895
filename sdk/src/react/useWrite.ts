import {
  type UseMutationOptions,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import type { FabstirClient } from '../clients/createFabstirClient.ts'
import { NotConnectedError } from './errors.ts'
import { fabstirKey } from './queryKey.ts'
import { useFabstirClient } from './useFabstirClient.ts'

/** Options of TanStack's `useMutation` that are the caller's. */
export type WriteOptions<result, variables> = Omit<
  UseMutationOptions<result, Error, variables>,
  'mutationFn'
>

/** Something that the client does, as a mutation. What was read before is asked again when it is done. */
export function useWrite<result, variables>(
  write: (client: FabstirClient, variables: variables) => Promise<result>,
  options: WriteOptions<result, variables> = {},
): UseMutationResult<result, Error, variables> {
  const client = useFabstirClient()
  const queries = useQueryClient()
  return useMutation<result, Error, variables>({
    ...options,
    async mutationFn(variables) {
      if (!client) throw new NotConnectedError()
      return write(client, variables)
    },
    async onSuccess(...parameters) {
      await queries.invalidateQueries({ queryKey: [fabstirKey] })
      return options.onSuccess?.(...parameters)
    },
  })
}
