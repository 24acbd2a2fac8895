import type { Hex } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type UpdateModelParameters = {
  model: Model
  /** 1 to 1,024 bytes, such as a URI. */
  metadata: string
}
export type UpdateModelEvent = { modelId: Hex; metadata: string }

/**
 * Publishes new metadata of a listed model. Its publisher only.
 * @example
 * await updateModel(client, { model: modelId, metadata: 'ipfs://bafy…' })
 */
export const updateModel = defineWrite<UpdateModelParameters, UpdateModelEvent>({
  contract: 'modelRegistry',
  eventName: 'ModelUpdated',
  prepare: ({ contracts }, { model, metadata }) =>
    oneCall(contracts.modelRegistry, modelRegistry.updateModel, [toModelId(model), metadata]),
  parse: (log) => parseEvent(log, modelRegistry.ModelUpdated),
  belongs: ({ modelId }, { model }) => modelId === toModelId(model),
})

/** {@link updateModel} that waits until it is on chain. */
export const updateModelSync = toSync(updateModel)
