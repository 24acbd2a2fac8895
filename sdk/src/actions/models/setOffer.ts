import type { Address, Hex } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import { PriceRequiredError } from '../../errors/amount.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { assertToken } from '../assertToken.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetOfferParameters = {
  /** A listed one. */
  model: Model
  /** Price of 1,000 inference tokens; not sold by tokens when it is left out. */
  pricePer1000?: TokenAmount | undefined
  /** Price of a minute, in the same token; not sold by time when it is left out. */
  pricePerMinute?: TokenAmount | undefined
}
export type SetOfferEvent = {
  modelId: Hex
  /** `address(0)` is ETH. */
  token: Address
  host: Address
  /** Smallest unit of the token; 0 when not sold by tokens. */
  pricePer1000: bigint
  /** Smallest unit of the token; 0 when not sold by time. */
  pricePerMinute: bigint
}

/**
 * Offers a listed model at a price by tokens, by time, or both. Active hosts only.
 * @throws {PriceRequiredError} When neither price is given.
 * @throws {TokenMismatchError} When the prices are in different tokens.
 * @example
 * await setOffer(client, { model: modelId, pricePer1000: usdc('0.0002'), pricePerMinute: usdc('0.01') })
 */
export const setOffer = defineWrite<SetOfferParameters, SetOfferEvent>({
  contract: 'modelRegistry',
  eventName: 'OfferSet',
  prepare({ contracts }, { model, pricePer1000, pricePerMinute }) {
    const price = pricePer1000 ?? pricePerMinute
    if (!price) throw new PriceRequiredError()
    if (pricePerMinute) assertToken('pricePerMinute', pricePerMinute, price.token)
    return oneCall(contracts.modelRegistry, modelRegistry.setPrice, [
      toModelId(model),
      tokenAddress(contracts, price.token),
      pricePer1000?.value ?? 0n,
      pricePerMinute?.value ?? 0n,
    ])
  },
  parse: (log) => parseEvent(log, modelRegistry.OfferSet),
  belongs: ({ modelId, pricePer1000, pricePerMinute }, parameters) =>
    modelId === toModelId(parameters.model) &&
    pricePer1000 === (parameters.pricePer1000?.value ?? 0n) &&
    pricePerMinute === (parameters.pricePerMinute?.value ?? 0n),
})

/** {@link setOffer} that waits until it is on chain. */
export const setOfferSync = toSync(setOffer)
