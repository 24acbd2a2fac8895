import type { Hex } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type DelistModelParameters = { model: Model }
export type DelistModelEvent = { modelId: Hex }

/**
 * Takes a model off the list: no new offers and no quotes. Its publisher only.
 * @example
 * await delistModel(client, { model: { name: 'llama-70b', version: '3.1' } })
 */
export const delistModel = defineWrite<DelistModelParameters, DelistModelEvent>({
  contract: 'modelRegistry',
  eventName: 'ModelDelisted',
  prepare: ({ contracts }, { model }) =>
    oneCall(contracts.modelRegistry, modelRegistry.delistModel, [toModelId(model)]),
  parse: (log) => parseEvent(log, modelRegistry.ModelDelisted),
  belongs: ({ modelId }, { model }) => modelId === toModelId(model),
})

/** {@link delistModel} that waits until it is on chain. */
export const delistModelSync = toSync(delistModel)
