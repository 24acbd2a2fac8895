import {
  ConnectorNotConnectedError,
  connect,
  createConfig,
  createStorage,
  disconnect,
  getConnection,
  reconnect,
} from '@wagmi/core'
import { custom, defineChain } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { FabstirClient } from '../clients/createFabstirClient.ts'
import { testContracts } from '../testing/addressBook.ts'
import { batchWallet } from '../testing/batchWallet.ts'
import { me } from '../testing/chain.ts'
import { fabstir } from './fabstir.ts'

afterEach(() => vi.restoreAllMocks())

const chain = defineChain({
  id: testContracts.chainId,
  name: 'Test',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [] } },
})

/** A browser in which one app is opened again and again: its storage, and how often it was asked for the passkey. */
function browser(kept = new Map<string, string>()) {
  const open = vi.fn(async () => (await batchWallet()).client as FabstirClient)
  const load = (setItem = (key: string, value: string) => void kept.set(key, value)) => {
    const config = createConfig({
      chains: [chain],
      transports: { [chain.id]: custom({ request: async () => '0x' }) },
      connectors: [fabstir({ client: open })],
      storage: createStorage({
        storage: {
          getItem: (key) => kept.get(key) ?? null,
          setItem,
          removeItem: (key) => void kept.delete(key),
        },
      }),
      multiInjectedProviderDiscovery: false,
    })
    const [connector] = config.connectors
    if (!connector) throw new Error('the app has no connector')
    return { config, connector }
  }
  return { open, load }
}

describe('a page that is loaded', () => {
  test('asks for no passkey when the app was never connected', async () => {
    const { open, load } = browser()
    const { config, connector } = load()
    expect(await reconnect(config)).toEqual([])
    expect(await connector.isAuthorized()).toBe(false)
    for (const asked of [
      () => connector.getAccounts(),
      () => connector.getChainId(),
      () => connector.getProvider(),
      () => connector.connect({ isReconnecting: true }),
    ])
      await expect(asked()).rejects.toThrow(ConnectorNotConnectedError)
    await connector.disconnect()
    expect(open).not.toHaveBeenCalled()
  })

  test('opens the account again when the app is connected, and not after it was disconnected', async () => {
    const { open, load } = browser()
    const first = load()
    await connect(first.config, { connector: first.connector })
    expect(await first.connector.getAccounts()).toEqual([me])
    expect(open).toHaveBeenCalledTimes(1)

    const second = load()
    expect(await reconnect(second.config)).toMatchObject([{ accounts: [me] }])
    expect(open).toHaveBeenCalledTimes(2)
    await disconnect(second.config)

    const third = load()
    expect(await reconnect(third.config)).toEqual([])
    await expect(third.connector.getAccounts()).rejects.toThrow(ConnectorNotConnectedError)
    expect(open).toHaveBeenCalledTimes(2)
  })

  test('asks for no passkey when the wallet itself ended the connection', async () => {
    const { open, load } = browser()
    const { config, connector } = load()
    await connect(config, { connector })
    const provider = (await connector.getProvider()) as {
      request: (args: { method: string; params: unknown[] }) => Promise<unknown>
    }
    await provider.request({ method: 'wallet_revokePermissions', params: [{ eth_accounts: {} }] })
    await vi.waitFor(() => expect(getConnection(config).status).toBe('disconnected'))
    expect(await reconnect(load().config)).toEqual([])
    expect(open).toHaveBeenCalledTimes(1)
  })
})

test('a full storage is reported, and the app is connected until the page ends', async () => {
  const told = vi.spyOn(console, 'error').mockReturnValue()
  const { load } = browser()
  const { config, connector } = load((key) => {
    if (key.includes('fabstir')) throw new Error('quota exceeded')
  })
  await connect(config, { connector })
  expect(await connector.getAccounts()).toEqual([me])
  expect(told).toHaveBeenCalledWith(new Error('quota exceeded'))
})
