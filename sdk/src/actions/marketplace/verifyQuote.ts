import { type Address, hashTypedData, isAddressEqual, zeroAddress } from 'viem'
import { getBlock } from 'viem/actions'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { isSignedBy } from '../isSignedBy.ts'
import { type HostQuote, quoteTypedData } from './hostQuote.ts'

export type VerifyQuoteParameters = {
  quote: HostQuote
  /** Who would take it; the client's own account by default. */
  renter?: Address | undefined
}

/**
 * Whether a renter could open a session by an offer now: it has not expired, is for this renter or anyone, and its
 * host has signed it.
 * @example
 * if (await verifyQuote(client, { quote })) await openSessionWithQuote(client, { quote, … })
 */
export async function verifyQuote(
  client: AccountReadClient,
  { quote, renter = client.account.address }: VerifyQuoteParameters,
): Promise<boolean> {
  const { contracts } = client
  const { timestamp } = await withTypedErrors(client, () => getBlock(client.client))
  if (timestamp > BigInt(quote.expiry)) return false
  if (!isAddressEqual(quote.renter, zeroAddress) && !isAddressEqual(quote.renter, renter))
    return false
  const digest = hashTypedData(quoteTypedData(contracts, quote))
  return isSignedBy(client, quote.host, digest, quote.signature)
}
