import type { Address } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { ReadClient } from '../../types/client.ts'
import type { Token } from '../../units/amounts.ts'
import { readView } from '../readView.ts'

export type GetOffersParameters = {
  model: Model
  token: Token
  /** Offers to look at; 100 by default. */
  limit?: number | undefined
  /** Offers to skip. */
  offset?: number | undefined
}

export type Offer = {
  host: Address
  /** Smallest unit of the token for 1,000 inference tokens; 0 when not sold by tokens. */
  pricePer1000: bigint
  /** Smallest unit of the token for a minute; 0 when not sold by time. */
  pricePerMinute: bigint
  /** Whether the host takes work now. */
  accepting: boolean
}

/**
 * What hosts ask for a model in a token.
 * @example
 * const offers = await getOffers(client, { model: modelId, token: 'usdc' })
 */
export async function getOffers(
  client: ReadClient,
  { model, token, limit = 100, offset = 0 }: GetOffersParameters,
): Promise<readonly Offer[]> {
  return readView(client, client.contracts.modelRegistry, modelRegistry.offers, [
    toModelId(model),
    tokenAddress(client.contracts, token),
    BigInt(offset),
    BigInt(limit),
  ])
}
