import { type Address, type Hex, zeroHash } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { ReadClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'
import { readView } from '../readView.ts'

export type GetHostTermsParameters<token extends Token = Token> = {
  host: Address
  token: token
  /** Any by default. */
  model?: Model | undefined
}

export type HostTerms<token extends Token = Token> = {
  /** Active and open for new work, and serves the model. */
  accepting: boolean
  /** Sessions that it takes at a time; 0 is no cap. */
  maxSessions: number
  /** Smallest price of 1,000 inference tokens; 0 is none. */
  minimumPricePer1000: TokenAmount<token>
  /** Ids of the models that it serves; every model when it is empty. */
  models: readonly Hex[]
  /** Claims of single jobs that its stake covers at a time. */
  coveredClaims: bigint
}

/**
 * What opening a session with a host asks of it.
 * @example
 * const { minimumPricePer1000 } = await getHostTerms(client, { host, token: 'usdc' })
 */
export async function getHostTerms<token extends Token>(
  client: ReadClient,
  { host, token, model }: GetHostTermsParameters<token>,
): Promise<HostTerms<token>> {
  const address = client.contracts.registry
  const id = model === undefined ? zeroHash : toModelId(model)
  const [[accepting, maxSessions, value], models, coveredClaims] = await Promise.all([
    readView(client, address, registry.sessionTerms, [
      host,
      id,
      tokenAddress(client.contracts, token),
    ]),
    readView(client, address, registry.modelsOf, [host]),
    readView(client, address, registry.coveredClaims, [host]),
  ])
  return { accepting, maxSessions, minimumPricePer1000: { token, value }, models, coveredClaims }
}
