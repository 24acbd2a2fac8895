import { type Chain, type Client, createClient, custom, type EIP1193Provider } from 'viem'
import { toFabstirAccount } from '../accounts/fabstir/toFabstirAccount.ts'
import {
  createFabstirClient,
  type FabstirClientConfig,
  type MarketplaceClient,
} from '../clients/createFabstirClient.ts'
import { type FabstirEntryPointVersion, resolveContracts } from '../contracts/addressBooks.ts'
import type { ReadClient } from '../types/client.ts'
import { type HeadlessSigner, isSmartAccount, toOwner } from './toOwner.ts'

/** What is used of a provider of ethers 5 or 6. */
export type EthersProvider = { send(method: string, params: unknown[]): Promise<unknown> }

/** The node of the chain: a viem client, an EIP-1193 provider, or a JSON-RPC provider of ethers. */
export type HeadlessProvider = Client | Pick<EIP1193Provider, 'request'> | EthersProvider

export type HeadlessConfig = Omit<FabstirClientConfig, 'account' | 'client'> & {
  provider: HeadlessProvider
  /** Of the accounts of signers; '0.8' by default. */
  entryPoint?: FabstirEntryPointVersion | undefined
}

/** The services without a signer, and a client for each signer that comes along. */
export type Connection = ReadClient & {
  /** The same client for the same signer: clients of one account share its nonces. */
  clientOf(signer: HeadlessSigner): Promise<MarketplaceClient>
}

/**
 * Connects to the services. No signer and no key is kept but by whoever passes it.
 * @throws {ContractsNotFoundError} When the chain's contracts are unknown.
 */
export function connect({ provider, entryPoint, ...config }: HeadlessConfig): Connection {
  const client = toClient(provider, config.chain)
  const contracts = resolveContracts(config.chain ?? client.chain, config.contracts)
  // One object for all clients, by which they find the same queues.
  const storage = config.storage ?? { getItem: () => null, setItem: () => undefined }
  const clients = new WeakMap<HeadlessSigner, Promise<MarketplaceClient>>()

  const create = async (signer: HeadlessSigner) => {
    const account = isSmartAccount(signer)
      ? signer
      : await toFabstirAccount({
          client: client as Parameters<typeof toFabstirAccount>[0]['client'],
          owner: await toOwner(signer),
          contracts,
          entryPoint,
        })
    return createFabstirClient({ ...config, account, client, contracts, storage })
  }
  return {
    client,
    contracts,
    clientOf(signer) {
      const existing = clients.get(signer)
      if (existing) return existing
      const created = create(signer)
      clients.set(signer, created)
      // A wallet that was locked may be asked again.
      created.catch(() => clients.delete(signer))
      return created
    },
  }
}

function toClient(provider: HeadlessProvider, chain: Chain | undefined): Client {
  if ('transport' in provider) return provider
  const request =
    'request' in provider
      ? (call: { method: string; params?: unknown }) => provider.request(call as never)
      : ({ method, params }: { method: string; params?: unknown }) =>
          provider.send(method, Array.isArray(params) ? params : [])
  return createClient({ chain, transport: custom({ request }) })
}
