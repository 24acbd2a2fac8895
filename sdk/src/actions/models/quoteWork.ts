import type { Address } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { ReadClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'
import { readView } from '../readView.ts'
import { type WorkUnit, workUnits } from './workUnit.ts'

export type QuoteWorkParameters<token extends Token = Token> = {
  model: Model
  host: Address
  token: token
} & ({ tokens: bigint; minutes?: undefined } | { minutes: bigint; tokens?: undefined })

/**
 * What so many inference tokens or minutes cost by a host's offer, as the marketplace computes it.
 * @throws {ContractRevertedError} `ModelRegistryNotOffered` when the host does not offer it, or takes no work now.
 * @example
 * const { value } = await quoteWork(client, { model: modelId, host, token: 'usdc', tokens: 12_000n })
 */
export async function quoteWork<token extends Token>(
  client: ReadClient,
  { model, host, token, tokens, minutes }: QuoteWorkParameters<token>,
): Promise<TokenAmount<token>> {
  const unit: WorkUnit = tokens === undefined ? 'minutes' : 'tokens'
  const value = await readView(client, client.contracts.modelRegistry, modelRegistry.quote, [
    toModelId(model),
    tokenAddress(client.contracts, token),
    host,
    workUnits.indexOf(unit),
    tokens ?? minutes ?? 0n,
  ])
  return { token, value }
}
