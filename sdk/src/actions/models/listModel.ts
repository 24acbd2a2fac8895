import type { Address, Hex } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { toModelId } from '../../contracts/modelId.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type ListModelParameters = {
  /** 1 to 64 bytes. */
  name: string
  /** 1 to 32 bytes. */
  version: string
  /** 1 to 1,024 bytes, such as a URI. */
  metadata: string
}
export type ListModelEvent = ListModelParameters & { modelId: Hex; publisher: Address }

/**
 * Lists a model; the account becomes its publisher. Who delisted a model may list it again, nobody else.
 * @example
 * const { modelId } = await listModelSync(client, { name: 'llama-70b', version: '3.1', metadata: 'ipfs://bafy…' })
 */
export const listModel = defineWrite<ListModelParameters, ListModelEvent>({
  contract: 'modelRegistry',
  eventName: 'ModelListed',
  prepare: ({ contracts }, { name, version, metadata }) =>
    oneCall(contracts.modelRegistry, modelRegistry.listModel, [name, version, metadata]),
  parse: (log) => parseEvent(log, modelRegistry.ModelListed),
  belongs: ({ modelId }, parameters) => modelId === toModelId(parameters),
})

/** {@link listModel} that waits until it is on chain. */
export const listModelSync = toSync(listModel)
