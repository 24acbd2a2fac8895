import type { Address, Client, Hex } from 'viem'

/**
 * Session epoch of an account out of its storage, where no code can be asked for it: an EOA keeps what it has stored
 * when it is delegated elsewhere, or not any more. 0 before there is any.
 */
export async function readStoredEpoch(client: Client, account: Address): Promise<number> {
  const word = await client.request<{
    Method: 'eth_getStorageAt'
    Parameters: [Address, Hex, 'latest']
    ReturnType: Hex
  }>({ method: 'eth_getStorageAt', params: [account, accountSlot, 'latest'] })
  return Number((BigInt(word) >> ownerBits) & maxEpoch)
}

/** ERC-7201 `fabstir.storage.Account`: the owner's address, above it the epoch. */
const accountSlot = '0x5c2007b58f19d93c181f3f6c311766948f2d70a23502676254ef2a81bdd6d100'
const ownerBits = 160n
const maxEpoch = 0xffff_ffffn
