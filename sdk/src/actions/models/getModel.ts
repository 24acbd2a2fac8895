import { type Address, type Hex, isAddressEqual, zeroAddress } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type ListedModel = {
  modelId: Hex
  publisher: Address
  /** Unix seconds; 0 while it is delisted. */
  listedAt: number
  /** Settled sessions with it that somebody recorded. */
  uses: number
  /** Inference tokens that those sessions proved. */
  tokens: bigint
  /** keccak256 of the metadata, which events hold. */
  metadataHash: Hex
}

/**
 * A model of the registry; `undefined` when it was never listed.
 * @example
 * const model = await getModel(client, { model: { name: 'llama-70b', version: '3.1' } })
 */
export async function getModel(
  client: ReadClient,
  { model }: { model: Model },
): Promise<ListedModel | undefined> {
  const modelId = toModelId(model)
  const found = await readView(client, client.contracts.modelRegistry, modelRegistry.getModel, [
    modelId,
  ])
  return isAddressEqual(found.publisher, zeroAddress) ? undefined : { modelId, ...found }
}
