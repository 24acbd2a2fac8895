import type { AddressBook } from '@fabstir/contracts/addressBook'
import type { Address, Hex, TypedDataDefinition } from 'viem'
import { marketplaceDomain } from './marketplaceDomain.ts'

/** A host's signed offer of a session's price. JSON, safe to store and to send. */
export type HostQuote = {
  host: Address
  /** The only account that may take it; `address(0)` is anyone. */
  renter: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Price of 1,000 inference tokens in the smallest unit of the token, as decimal text. */
  pricePer1000: string
  /** Id of the model; zero is any. */
  model: Hex
  /** Unix seconds, the last at which it may be taken. It may be taken any number of times. */
  expiry: number
  /** Of the host's key, or by ERC-1271 of a host that is a contract. */
  signature: Hex
}

const types = {
  Quote: [
    { name: 'host', type: 'address' },
    { name: 'renter', type: 'address' },
    { name: 'token', type: 'address' },
    { name: 'pricePer1000', type: 'uint256' },
    { name: 'model', type: 'bytes32' },
    { name: 'expiry', type: 'uint256' },
  ],
} as const

/** EIP-712 message of an offer, as the marketplace checks it. */
export function quoteTypedData(
  contracts: Pick<AddressBook, 'chainId' | 'marketplace'>,
  { host, renter, token, pricePer1000, model, expiry }: Omit<HostQuote, 'signature'>,
): TypedDataDefinition<typeof types, 'Quote'> {
  return {
    domain: marketplaceDomain(contracts),
    types,
    primaryType: 'Quote',
    message: {
      host,
      renter,
      token,
      pricePer1000: BigInt(pricePer1000),
      model,
      expiry: BigInt(expiry),
    },
  }
}
