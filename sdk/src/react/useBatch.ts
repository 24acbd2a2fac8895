import type { UseMutationResult } from '@tanstack/react-query'
import { type BatchEvents, batchSync } from '../actions/batch.ts'
import type { ActionCall } from '../actions/write.ts'
import { useWrite, type WriteOptions } from './useWrite.ts'

type Calls = readonly ActionCall<unknown>[]

/**
 * Several actions as one sponsored operation. `batch` resolves with the event of each; the rest is the mutation's.
 * @example
 * const { batch, isPending } = useBatch()
 * const [first, second] = await batch([claimJob.call({ jobId: 1n }), claimJob.call({ jobId: 2n })])
 */
export function useBatch(options?: WriteOptions<BatchEvents<Calls>, Calls>): Omit<
  UseMutationResult<BatchEvents<Calls>, Error, Calls>,
  'mutate' | 'mutateAsync'
> & {
  batch: <const calls extends Calls>(calls: calls) => Promise<BatchEvents<calls>>
} {
  const { mutate: _, mutateAsync, ...mutation } = useWrite(batchSync<Calls>, options)
  return {
    ...mutation,
    batch: async <const calls extends Calls>(calls: calls) =>
      (await mutateAsync(calls)) as BatchEvents<calls>,
  }
}
