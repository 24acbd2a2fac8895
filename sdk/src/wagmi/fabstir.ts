import { ChainNotConfiguredError, type CreateConnectorFn, createConnector } from '@wagmi/core'
import { type Address, type Chain, getAddress, numberToHex, SwitchChainError } from 'viem'
import type { FabstirClient } from '../clients/createFabstirClient.ts'
import type { Approve } from '../provider/approval.ts'
import { type FabstirEip1193Provider, toEip1193Provider } from '../provider/toEip1193Provider.ts'

type Clients = FabstirClient | readonly [FabstirClient, ...FabstirClient[]]

export type FabstirConnectorParameters = {
  /** The account, as a client of each chain it is on; or what opens it, by a passkey, when the user connects. */
  client: Clients | (() => Promise<Clients>)
  /** Asks the user. Without it the app that holds the account decides by itself. */
  approve?: Approve | undefined
  /** 'fabstir' by default. */
  id?: string | undefined
  /** 'Fabstir' by default. */
  name?: string | undefined
  icon?: string | undefined
}

/** What the connector has beside wagmi's own. */
export type FabstirConnectorProperties = {
  /** The account with every action of the marketplace. */
  getFabstirClient(parameters?: { chainId?: number | undefined }): Promise<FabstirClient>
}

fabstir.type = 'fabstir' as const

/**
 * Connector of wagmi for an account that the app itself holds. What is connected stays so in wagmi's storage.
 * @example
 * const config = createConfig({
 *   chains: [devnet], transports: { [devnet.id]: http() }, connectors: [fabstir({ client })],
 * })
 * await connect(config, { connector: config.connectors[0] })
 */
export function fabstir({
  client,
  approve = () => true,
  id = 'fabstir',
  name = 'Fabstir',
  icon,
}: FabstirConnectorParameters): CreateConnectorFn<
  FabstirEip1193Provider,
  FabstirConnectorProperties
> {
  return createConnector<FabstirEip1193Provider, FabstirConnectorProperties>(
    ({ chains, emitter, storage }) => {
      const open = once(async () => {
        const opened = typeof client === 'function' ? await client() : client
        const clients = 'request' in opened ? ([opened] as const) : opened
        const provider = toEip1193Provider({
          client: clients,
          approve,
          storage: toStrings(storage),
        })
        return { clients, provider }
      })
      // Not of the connector, which wagmi copies: one function for adding and removing.
      const onAccountsChanged = (accounts: readonly string[]) => {
        if (accounts.length === 0) emitter.emit('disconnect')
        else emitter.emit('change', { accounts: accounts.map((one) => getAddress(one)) })
      }
      const onChainChanged = (chainId: string) =>
        emitter.emit('change', { chainId: Number(chainId) })
      const listen = (provider: FabstirEip1193Provider) => {
        forget(provider)
        provider.on('accountsChanged', onAccountsChanged)
        provider.on('chainChanged', onChainChanged)
      }
      const forget = (provider: FabstirEip1193Provider) => {
        provider.removeListener('accountsChanged', onAccountsChanged)
        provider.removeListener('chainChanged', onChainChanged)
      }
      const readChainId = async (provider: FabstirEip1193Provider) =>
        Number(await provider.request({ method: 'eth_chainId' }))
      const goTo = async (provider: FabstirEip1193Provider, chainId: number): Promise<Chain> => {
        const chain = chains.find((one) => one.id === chainId)
        if (!chain) throw new SwitchChainError(new ChainNotConfiguredError())
        const params = [{ chainId: numberToHex(chainId) }] as const
        await provider.request({ method: 'wallet_switchEthereumChain', params: [...params] })
        return chain
      }

      return {
        id,
        name,
        icon,
        type: fabstir.type,
        async connect({ chainId, isReconnecting, withCapabilities } = {}) {
          const { provider } = await open()
          const accounts = await provider.request({
            method: isReconnecting ? 'eth_accounts' : 'eth_requestAccounts',
          })
          if (chainId !== undefined && (await readChainId(provider)) !== chainId)
            await goTo(provider, chainId)
          listen(provider)
          return {
            accounts: (withCapabilities
              ? accounts.map((address) => ({ address, capabilities: {} }))
              : accounts) as never,
            chainId: await readChainId(provider),
          }
        },
        async disconnect() {
          const { provider } = await open()
          forget(provider)
          await provider.request({
            method: 'wallet_revokePermissions',
            params: [{ eth_accounts: {} }],
          })
        },
        async getAccounts(): Promise<readonly Address[]> {
          return (await open()).provider.request({ method: 'eth_accounts' })
        },
        getChainId: async () => readChainId((await open()).provider),
        getProvider: async () => (await open()).provider,
        async getFabstirClient({ chainId } = {}) {
          const { clients, provider } = await open()
          const wanted = chainId ?? (await readChainId(provider))
          const found = clients.find(({ contracts }) => contracts.chainId === wanted)
          if (!found) throw new SwitchChainError(new ChainNotConfiguredError())
          return found
        },
        async isAuthorized() {
          const accounts = await this.getAccounts().catch(() => [])
          return accounts.length > 0
        },
        switchChain: async ({ chainId }) => goTo((await open()).provider, chainId),
        onAccountsChanged,
        onChainChanged,
        onDisconnect: () => emitter.emit('disconnect'),
      }
    },
  )
}

/** Opens once; again after a failure, like a passkey that the user did not touch. */
function once<value>(make: () => Promise<value>): () => Promise<value> {
  let made: Promise<value> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}

type WagmiStorage = Parameters<CreateConnectorFn>[0]['storage']

/** wagmi's storage for text. */
function toStrings(storage: WagmiStorage) {
  if (!storage) return undefined
  return {
    async getItem(key: string) {
      const value: unknown = await storage.getItem(key)
      return typeof value === 'string' ? value : null
    },
    setItem: (key: string, value: string) => storage.setItem(key, value),
  }
}
