import { BrowserProvider, type Eip1193Provider, type Provider } from 'ethers'
import type { WriteClient } from '../types/client.ts'
import { FabstirSigner } from './fabstirSigner.ts'

/**
 * A Fabstir account as a signer of ethers, for contracts and libraries that take one.
 * @param provider Reads the chain; by default the client's own node does.
 * @example
 * const contract = new Contract(address, abi, toEthersSigner(client))
 * const { hash } = await contract.getFunction('cancelJob')(jobId)
 */
export function toEthersSigner(
  client: WriteClient,
  provider: Provider = new BrowserProvider(client.client as Eip1193Provider),
): FabstirSigner {
  return new FabstirSigner(client, provider)
}
