import type { Address, Hex } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetModelsParameters = {
  /** At most 32; an empty list serves every model. */
  models: readonly Model[]
}
export type SetModelsEvent = { node: Address; models: readonly Hex[] }

/**
 * Replaces the list of models that sessions may name at this host. The marketplace enforces it; the names in the
 * metadata are for searching.
 * @example
 * await setModels(client, { models: ['llama-70b'] })
 */
export const setModels = defineWrite<SetModelsParameters, SetModelsEvent>({
  contract: 'registry',
  eventName: 'ModelsSet',
  prepare: ({ contracts }, { models }) =>
    oneCall(contracts.registry, registry.setModels, [models.map(toModelId)]),
  parse(log) {
    const args = parseEvent(log, registry.ModelsSet)
    return args && { node: args.operator, models: args.models }
  },
})

/** {@link setModels} that waits until it is on chain. */
export const setModelsSync = toSync(setModels)
