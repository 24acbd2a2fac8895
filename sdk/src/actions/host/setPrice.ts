import { type Address, type Hex, zeroHash } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetPriceParameters = {
  /** Smallest price of 1,000 inference tokens; 0 takes it back. */
  pricePer1000: TokenAmount
  /** Without one, the price of sessions without a model and of models without a price of their own. */
  model?: Model | undefined
}
export type SetPriceEvent = {
  node: Address
  /** Zero without one. */
  model: Hex
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  pricePer1000: bigint
}

/**
 * Sets the smallest price that the host's sessions may be opened at. The marketplace enforces it.
 * @example
 * await setPrice(client, { model: 'llama-70b', pricePer1000: usdc('0.0002') })
 */
export const setPrice = defineWrite<SetPriceParameters, SetPriceEvent>({
  contract: 'registry',
  eventName: 'PriceSet',
  prepare: ({ contracts }, { pricePer1000: { token, value }, model }) =>
    oneCall(contracts.registry, registry.setPrice, [
      model === undefined ? zeroHash : toModelId(model),
      tokenAddress(contracts, token),
      value,
    ]),
  parse(log) {
    const args = parseEvent(log, registry.PriceSet)
    if (!args) return undefined
    const { operator, model, token, pricePer1000 } = args
    return { node: operator, model, token, pricePer1000 }
  },
  belongs: ({ model, pricePer1000 }, parameters) =>
    model === (parameters.model === undefined ? zeroHash : toModelId(parameters.model)) &&
    pricePer1000 === parameters.pricePer1000.value,
})

/** {@link setPrice} that waits until it is on chain. */
export const setPriceSync = toSync(setPrice)
