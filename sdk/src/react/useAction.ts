import type { UseMutationResult } from '@tanstack/react-query'
import type { Hash } from 'viem'
import { type ParametersOf, toSync, type WriteAction } from '../actions/write.ts'
import { useWrite, type WriteOptions } from './useWrite.ts'

/** Only a parameter of this type can be left out of TanStack's `mutate`. */
type Nothing = ReturnType<() => void>

/** Parameters of an action; none where none is required. */
export type ActionVariables<parameters> =
  Record<never, never> extends parameters ? parameters | Nothing : parameters

/** What an action gives when it is on chain: its event. */
export type ActionResult<event> = event & { userOperationHash: Hash }

/**
 * Any action that writes as a mutation: `mutate` sends it as one sponsored operation, `data` is its event. Parameters,
 * event and errors are those of the action.
 * @example
 * const { mutate, data, isPending, error } = useAction(postJob)
 * mutate({ model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) })
 */
export function useAction<parameters, event extends object>(
  action: WriteAction<parameters, event>,
  options?: WriteOptions<ActionResult<event>, ActionVariables<parameters>>,
): UseMutationResult<ActionResult<event>, Error, ActionVariables<parameters>> {
  const sync = toSync(action)
  return useWrite(
    (client, variables) => sync(client, ...([variables] as unknown as ParametersOf<parameters>)),
    options,
  )
}
