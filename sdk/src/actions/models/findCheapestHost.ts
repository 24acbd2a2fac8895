import { type Address, isAddressEqual, zeroAddress } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { ReadClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'
import { readView } from '../readView.ts'
import { type WorkUnit, workUnits } from './workUnit.ts'

export type FindCheapestHostParameters<token extends Token = Token> = {
  model: Model
  token: token
  /** 'tokens' by default. */
  unit?: WorkUnit | undefined
  /** Offers to look at; 100 by default. */
  limit?: number | undefined
  /** Offers to skip. */
  offset?: number | undefined
}

/**
 * The cheapest host that takes work now, by 1,000 inference tokens or by the minute; of equal prices, the first.
 * `undefined` when there is none.
 * @example
 * const cheapest = await findCheapestHost(client, { model: modelId, token: 'usdc' })
 */
export async function findCheapestHost<token extends Token>(
  client: ReadClient,
  { model, token, unit = 'tokens', limit = 100, offset = 0 }: FindCheapestHostParameters<token>,
): Promise<{ host: Address; price: TokenAmount<token> } | undefined> {
  const [host, value] = await readView(
    client,
    client.contracts.modelRegistry,
    modelRegistry.cheapestHost,
    [
      toModelId(model),
      tokenAddress(client.contracts, token),
      workUnits.indexOf(unit),
      BigInt(offset),
      BigInt(limit),
    ],
  )
  return isAddressEqual(host, zeroAddress) ? undefined : { host, price: { token, value } }
}
