import {
  ChainNotConfiguredError,
  ConnectorNotConnectedError,
  type CreateConnectorFn,
  createConnector,
} from '@wagmi/core'
import { type Address, type Chain, getAddress, numberToHex, SwitchChainError } from 'viem'
import type { FabstirClient } from '../clients/createFabstirClient.ts'
import { report } from '../errors/report.ts'
import { once } from '../operations/once.ts'
import type { Approve } from '../provider/approval.ts'
import { type FabstirEip1193Provider, toEip1193Provider } from '../provider/toEip1193Provider.ts'

type Clients = FabstirClient | readonly [FabstirClient, ...FabstirClient[]]

export type FabstirConnectorParameters = {
  /**
   * The account, as a client of each chain it is on; or what opens it, by a passkey, when the user connects. It is not
   * called for an app that was never connected, so that no page begins with a prompt.
   */
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
 * Connector of wagmi for an account that the app itself holds. What is connected stays so in wagmi's storage; without a
 * connection, everything but `connect` is a `ConnectorNotConnectedError` of wagmi.
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
      let isConnected = false
      const wasConnected = async () =>
        isConnected || (await storage?.getItem(`${id}.connected`)) === true
      const remember = async (connected: boolean) => {
        isConnected = connected
        try {
          await storage?.setItem(`${id}.connected`, connected || null)
        } catch (error) {
          report(error)
        }
      }
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
      /** What wagmi asks on its own, on page load too, opens nothing that the user has not connected. */
      const reopen = async () => {
        if (!(await wasConnected())) throw new ConnectorNotConnectedError()
        return open()
      }
      // Not of the connector, which wagmi copies: one function for adding and removing.
      const onAccountsChanged = (accounts: readonly string[]) => {
        if (accounts.length === 0) {
          void remember(false)
          emitter.emit('disconnect')
        } else emitter.emit('change', { accounts: accounts.map((one) => getAddress(one)) })
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
          const { provider } = await (isReconnecting ? reopen() : open())
          const accounts = await provider.request({
            method: isReconnecting ? 'eth_accounts' : 'eth_requestAccounts',
          })
          if (chainId !== undefined && (await readChainId(provider)) !== chainId)
            await goTo(provider, chainId)
          listen(provider)
          await remember(true)
          return {
            accounts: (withCapabilities
              ? accounts.map((address) => ({ address, capabilities: {} }))
              : accounts) as never,
            chainId: await readChainId(provider),
          }
        },
        async disconnect() {
          if (!(await wasConnected())) return
          const { provider } = await open()
          forget(provider)
          await provider.request({
            method: 'wallet_revokePermissions',
            params: [{ eth_accounts: {} }],
          })
          await remember(false)
        },
        async getAccounts(): Promise<readonly Address[]> {
          return (await reopen()).provider.request({ method: 'eth_accounts' })
        },
        getChainId: async () => readChainId((await reopen()).provider),
        getProvider: async () => (await reopen()).provider,
        async getFabstirClient({ chainId } = {}) {
          const { clients, provider } = await reopen()
          const wanted = chainId ?? (await readChainId(provider))
          const found = clients.find(({ contracts }) => contracts.chainId === wanted)
          if (!found) throw new SwitchChainError(new ChainNotConfiguredError())
          return found
        },
        async isAuthorized() {
          const accounts = await this.getAccounts().catch(() => [])
          return accounts.length > 0
        },
        switchChain: async ({ chainId }) => goTo((await reopen()).provider, chainId),
        onAccountsChanged,
        onChainChanged,
        onDisconnect: () => emitter.emit('disconnect'),
      }
    },
  )
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
