import { type Address, zeroAddress, zeroHash } from 'viem'
import { getBlock } from 'viem/actions'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { WriteClient } from '../../types/client.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { type Duration, toSeconds } from '../../units/duration.ts'
import { type HostQuote, quoteTypedData } from './hostQuote.ts'

export type SignQuoteParameters = {
  /** Price of 1,000 inference tokens. */
  pricePer1000: TokenAmount
  /** From the chain's latest block; '10m' by default. */
  expiresIn?: Duration | undefined
  /** The only account that may take it; anyone by default. */
  renter?: Address | undefined
  /** Any by default. */
  model?: Model | undefined
}

/**
 * Signs an offer of a session's price off chain, for a renter to open a session by, instead of the host's public
 * minimum price. The client's account is the host.
 * @example
 * const quote = await signQuote(host, { pricePer1000: usdc('0.0001'), renter, expiresIn: '1h' })
 */
export async function signQuote(
  client: Pick<WriteClient, 'account' | 'contracts' | 'client'>,
  { pricePer1000: { token, value }, expiresIn = '10m', renter, model }: SignQuoteParameters,
): Promise<HostQuote> {
  const { account, contracts } = client
  const { timestamp } = await withTypedErrors(client, () => getBlock(client.client))
  const offer = {
    host: account.address,
    renter: renter ?? zeroAddress,
    token: tokenAddress(contracts, token),
    pricePer1000: value.toString(),
    model: model === undefined ? zeroHash : toModelId(model),
    expiry: Number(timestamp) + toSeconds(expiresIn),
  }
  return { ...offer, signature: await account.signTypedData(quoteTypedData(contracts, offer)) }
}
