import type { AddressBook } from '@fabstir/contracts/addressBook'

/** EIP-712 domain of the marketplace's messages. */
export function marketplaceDomain({
  chainId,
  marketplace,
}: Pick<AddressBook, 'chainId' | 'marketplace'>) {
  return {
    name: 'FabstirJobMarketplace',
    version: '1',
    chainId,
    verifyingContract: marketplace,
  } as const
}
