import * as pricing from '../../contracts/generated/dynamicPricing.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import type { ReadClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'
import { readView } from '../readView.ts'

export type GetDemandParameters<token extends Token = Token> = {
  model: Model
  /** A price at normal demand. */
  basePrice: TokenAmount<token>
}

export type Demand<token extends Token = Token> = {
  /** The price at the demand of now, rounded up. */
  price: TokenAmount<token>
  /** Multiple of the base price in hundredths of a percent; 10,000 is once. */
  surgeBps: bigint
  /** Share of the model's capacity in use, 0 to 10,000. */
  utilisationBps: bigint
  /** Inference tokens of load at which the model is fully used; 0 for no surge prices. */
  capacity: bigint
}

/**
 * Demand for a model, and what a price becomes by it.
 * @example
 * const { price } = await getDemand(client, { model: modelId, basePrice: usdc('0.0002') })
 */
export async function getDemand<token extends Token>(
  client: ReadClient,
  { model, basePrice }: GetDemandParameters<token>,
): Promise<Demand<token>> {
  const [address, id] = [client.contracts.dynamicPricing, toModelId(model)]
  const [value, surgeBps, utilisationBps, capacity] = await Promise.all([
    readView(client, address, pricing.priceNow, [id, basePrice.value]),
    readView(client, address, pricing.surgeBps, [id]),
    readView(client, address, pricing.utilisationBps, [id]),
    readView(client, address, pricing.capacityOf, [id]),
  ])
  return { price: { token: basePrice.token, value }, surgeBps, utilisationBps, capacity }
}
