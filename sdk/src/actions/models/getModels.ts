import type { Hex } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type GetModelsParameters = {
  /** Models that were ever listed, to look at; 100 by default. */
  limit?: number | undefined
  /** Of these, to skip. */
  offset?: number | undefined
}

/**
 * Ids of the listed models. A page is shorter by those that were delisted.
 * @example
 * const { modelIds, count } = await getModels(client)
 */
export async function getModels(
  client: ReadClient,
  { limit = 100, offset = 0 }: GetModelsParameters = {},
): Promise<{
  modelIds: readonly Hex[]
  /** Models that were ever listed. */
  count: bigint
}> {
  const address = client.contracts.modelRegistry
  const [modelIds, count] = await Promise.all([
    readView(client, address, modelRegistry.models, [BigInt(offset), BigInt(limit)]),
    readView(client, address, modelRegistry.modelCount, []),
  ])
  return { modelIds, count }
}
