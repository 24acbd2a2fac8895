import { type Address, createClient, custom, numberToHex } from 'viem'
import { describe, expect, test, vi } from 'vitest'
import { testContracts } from '../testing/addressBook.ts'
import type { WriteClient } from '../types/client.ts'
import { toEip1193Provider } from './toEip1193Provider.ts'

const alice = '0x1100000000000000000000000000000000000011'
const bob = '0x2200000000000000000000000000000000000022'

/** A client of a chain whose node answers its chain id and block 7. */
function clientOn(chainId: number, address: Address, isDown = () => false): WriteClient {
  const request = async ({ method }: { method: string }) => {
    if (isDown()) throw Object.assign(new Error('gone'), { name: 'HttpRequestError', url: 'x' })
    if (method === 'eth_chainId') return numberToHex(chainId)
    if (method === 'eth_blockNumber') return '0x7'
    throw new Error(`nobody expected ${method}`)
  }
  const node = createClient({ transport: custom({ request }, { retryCount: 0 }) })
  return {
    ...node,
    client: node,
    account: { address },
    contracts: { ...testContracts, chainId },
  } as unknown as WriteClient
}

type Ask = (method: string, params?: unknown[]) => Promise<unknown>
const asking = (provider: ReturnType<typeof toEip1193Provider>): Ask => {
  return (method, params = []) => provider.request({ method, params } as never)
}

describe('a wallet on two chains', () => {
  const clients = [clientOn(1, alice), clientOn(10, bob)] as const

  test('shows both when it asks for consent, and goes over with events', async () => {
    const approve = vi.fn(() => true)
    const provider = toEip1193Provider({ client: clients, approve })
    const ask = asking(provider)
    const events: unknown[] = []
    for (const name of ['connect', 'chainChanged', 'accountsChanged'] as const)
      provider.on(name, (value: unknown) => void events.push([name, value]))

    expect(await ask('eth_requestAccounts')).toEqual([alice])
    expect(approve).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        accounts: [
          { chainId: 1, account: alice },
          { chainId: 10, account: bob },
        ],
      }),
    )
    expect(await ask('wallet_switchEthereumChain', [{ chainId: '0xa' }])).toBeNull()
    expect(await ask('wallet_switchEthereumChain', [{ chainId: '0xa' }])).toBeNull()
    expect([await ask('eth_chainId'), await ask('eth_accounts')]).toEqual(['0xa', [bob]])
    expect(events).toEqual([
      ['connect', { chainId: '0x1' }],
      ['accountsChanged', [alice]],
      ['chainChanged', '0xa'],
      ['accountsChanged', [bob]],
    ])
  })

  test('says what it can do on each, and under 0x0 on all', async () => {
    const ask = asking(toEip1193Provider({ client: clients, approve: () => true }))
    await ask('eth_requestAccounts')
    const keys = async (...params: unknown[]) =>
      Object.keys((await ask('wallet_getCapabilities', params)) as object)
    expect(await keys(alice)).toEqual(['0x1', '0xa'])
    expect(await keys(alice, ['0xa', '0x2105'])).toEqual(['0xa'])
    expect(await keys(alice, ['0x0'])).toEqual(['0x0'])
  })

  test('wants the account of the chain that a batch is for', async () => {
    const ask = asking(toEip1193Provider({ client: clients, approve: () => true }))
    await ask('eth_requestAccounts')
    const calls = [{ to: bob, data: '0x' }]
    const batch = { version: '2.0.0', atomicRequired: false, chainId: '0xa', from: alice, calls }
    await expect(ask('wallet_sendCalls', [batch])).rejects.toMatchObject({ code: 4100 })
  })
})

test('a node of another chain is not connected to (4901)', async () => {
  const client = { ...clientOn(1, alice), contracts: { ...testContracts, chainId: 5 } }
  const ask = asking(toEip1193Provider({ client, approve: () => true }))
  await expect(ask('eth_requestAccounts')).rejects.toMatchObject({ code: 4901 })
  expect(await ask('eth_accounts')).toEqual([])
})

test('a node that goes and comes back is told by disconnect and connect, once each', async () => {
  let down = false
  const provider = toEip1193Provider({
    client: clientOn(1, alice, () => down),
    approve: () => true,
  })
  const ask = asking(provider)
  const events: unknown[] = []
  provider.on('disconnect', ({ code }) => events.push(code))
  provider.on('connect', ({ chainId }) => events.push(chainId))

  expect(await ask('eth_blockNumber')).toBe('0x7')
  down = true
  for (const _ of [1, 2]) await expect(ask('eth_blockNumber')).rejects.toMatchObject({ code: 4900 })
  down = false
  for (const _ of [1, 2]) expect(await ask('eth_blockNumber')).toBe('0x7')
  expect(events).toEqual([4900, '0x1'])
})

test('a listener that throws keeps neither the others nor the wallet from going on', async () => {
  const told = vi.spyOn(console, 'error').mockReturnValueOnce()
  const provider = toEip1193Provider({ client: clientOn(1, alice), approve: () => true })
  const heard: unknown[] = []
  provider.on('accountsChanged', () => {
    throw new Error("the app's mistake")
  })
  provider.on('accountsChanged', (accounts) => heard.push(accounts))
  expect(await asking(provider)('eth_requestAccounts')).toEqual([alice])
  expect(heard).toEqual([[alice]])
  expect(told).toHaveBeenCalledExactlyOnceWith(new Error("the app's mistake"))
  told.mockRestore()
})

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['other fields', '{"connected":"yes","batches":[["a"],7],"permissions":7}'],
])('a record that is %s is none', async (_, text) => {
  const storage = { getItem: () => text, setItem: () => undefined }
  const ask = asking(
    toEip1193Provider({ client: clientOn(1, alice), approve: () => true, storage }),
  )
  expect(await ask('eth_accounts')).toEqual([])
})

test('a record that cannot be read fails one request (-32603), without what the storage said', async () => {
  let isLocked = true
  const storage = {
    getItem: async () => {
      if (isLocked) throw new Error('no key for vault 7')
      return '{"connected":true}'
    },
    setItem: () => undefined,
  }
  const ask = asking(
    toEip1193Provider({ client: clientOn(1, alice), approve: () => true, storage }),
  )
  const refused = ask('eth_accounts')
  await expect(refused).rejects.toMatchObject({ code: -32603 })
  await expect(refused).rejects.not.toThrow('vault')
  isLocked = false
  expect(await ask('eth_accounts')).toEqual([alice])
})

test('an app does not inherit the connection of another account', async () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: async (key: string) => kept.get(key) ?? null,
    setItem: async (key: string, value: string) => void kept.set(key, value),
  }
  const open = (client: WriteClient, origin: string) =>
    asking(toEip1193Provider({ client, origin, approve: () => true, storage }))
  await open(clientOn(1, alice), 'https://a')('eth_requestAccounts')
  expect(await open(clientOn(1, alice), 'https://a')('eth_accounts')).toEqual([alice])
  expect(await open(clientOn(1, bob), 'https://a')('eth_accounts')).toEqual([])
  expect(await open(clientOn(1, alice), 'https://b')('eth_accounts')).toEqual([])
})
