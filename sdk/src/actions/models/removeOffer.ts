import type { Address, Hex } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { Token } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type RemoveOfferParameters = {
  model: Model
  token: Token
  /** The account itself by default; another host once it is not active any more. */
  host?: Address | undefined
}
export type RemoveOfferEvent = {
  modelId: Hex
  /** `address(0)` is ETH. */
  token: Address
  host: Address
}

/**
 * Removes an offer.
 * @example
 * await removeOffer(client, { model: modelId, token: 'usdc' })
 */
export const removeOffer = defineWrite<RemoveOfferParameters, RemoveOfferEvent>({
  contract: 'modelRegistry',
  eventName: 'OfferRemoved',
  prepare: ({ contracts, account }, { model, token, host = account.address }) =>
    oneCall(contracts.modelRegistry, modelRegistry.removeOffer, [
      toModelId(model),
      tokenAddress(contracts, token),
      host,
    ]),
  parse: (log) => parseEvent(log, modelRegistry.OfferRemoved),
  belongs: ({ modelId }, { model }) => modelId === toModelId(model),
})

/** {@link removeOffer} that waits until it is on chain. */
export const removeOfferSync = toSync(removeOffer)
