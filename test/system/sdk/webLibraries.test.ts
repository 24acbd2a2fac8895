import { join } from 'node:path'
import { jobMarketplaceAbi, testUsdcAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import { ContractRevertedError, type FabstirClient, postJob } from '@fabstir/sdk'
import { EthersTransactionError, toEthersSigner } from '@fabstir/sdk/ethers'
import { announceProvider } from '@fabstir/sdk/provider'
import { fabstir } from '@fabstir/sdk/wagmi'
import {
  connect,
  createConfig,
  createStorage,
  disconnect,
  getConnection,
  getWalletClient,
  readContract,
  reconnect,
  sendCalls,
  signMessage,
  signTypedData,
  switchChain,
  waitForCallsStatus,
  waitForTransactionReceipt,
  writeContract,
} from '@wagmi/core'
import { Contract, JsonRpcProvider, verifyMessage } from 'ethers'
import { type Hex, http, type Log } from 'viem'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { root } from '../package/packedProject.ts'
import { freshKey, sdkFixture } from '../sdkFixture.ts'
import { job, providerFixture } from './providerFixture.ts'
import { openWebProject } from './webProject.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
}, 180_000)
afterAll(() => devnet?.close())

const typedData = {
  domain: { name: 'Mail', version: '1', chainId: 31_337 },
  types: {
    Mail: [
      { name: 'text', type: 'string' },
      { name: 'amount', type: 'uint256' },
    ],
  },
  primaryType: 'Mail',
  message: { text: 'hello', amount: 5n },
} as const

describe('wagmi', () => {
  /** An app whose storage outlives it. */
  const createApp = (client: FabstirClient, kept = new Map<string, string>()) => {
    const { chain } = devnet
    const connector = fabstir({ client: async () => client })
    return createConfig({
      chains: [chain],
      transports: { [chain.id]: http(devnet.rpcUrl) },
      connectors: [connector],
      storage: createStorage({
        storage: {
          getItem: (key) => kept.get(key) ?? null,
          setItem: (key, value) => void kept.set(key, value),
          removeItem: (key) => void kept.delete(key),
        },
      }),
      pollingInterval: 50,
      multiInjectedProviderDiscovery: false,
    })
  }
  const firstOf = ({ connectors: [connector] }: ReturnType<typeof createApp>) => {
    if (!connector) throw new Error('the app has no connector')
    return connector
  }

  test('connects, sends, signs, reconnects and disconnects', async () => {
    const renter = await fixture.createRenter('10')
    const { address } = renter.account
    const kept = new Map<string, string>()
    const config = createApp(renter, kept)
    const connected = await connect(config, { connector: firstOf(config) })
    expect(connected).toEqual({ accounts: [address], chainId: 31_337 })

    const { jobId } = await renter.postJobSync(job)
    const hash = await writeContract(config, {
      address: devnet.contracts.marketplace,
      abi: jobMarketplaceAbi,
      functionName: 'cancelJob',
      args: [jobId],
    })
    expect(await waitForTransactionReceipt(config, { hash })).toMatchObject({ status: 'success' })
    expect(await renter.getJob({ jobId })).toMatchObject({ status: 'cancelled' })

    const calls = (await providerFixture(devnet, fixture).jobCalls(renter)).map(({ to, data }) => ({
      to,
      data,
    }))
    const { id } = await sendCalls(config, { calls, forceAtomic: true })
    const { status, receipts } = await waitForCallsStatus(config, { id })
    expect(status).toBe('success')
    expect(postJob.extractEvent((receipts?.[0]?.logs ?? []) as Log[])).toMatchObject({
      renter: address,
      payment: 1_000_000n,
    })
    expect(
      await readContract(config, {
        address: devnet.contracts.usdc,
        abi: testUsdcAbi,
        functionName: 'balanceOf',
        args: [address],
      }),
    ).toBe(8_000_000n)

    const { publicClient } = fixture
    const message = await signMessage(config, { message: 'log in' })
    const signature = await signTypedData(config, typedData)
    expect(
      await Promise.all([
        publicClient.verifyMessage({ address, message: 'log in', signature: message }),
        publicClient.verifyTypedData({ address, ...typedData, signature }),
      ]),
    ).toEqual([true, true])

    const reloaded = createApp(renter, kept)
    expect(getConnection(reloaded).status).not.toBe('connected')
    expect(await reconnect(reloaded)).toMatchObject([{ accounts: [address], chainId: 31_337 }])
    expect(getConnection(reloaded)).toMatchObject({ status: 'connected', address })
    await disconnect(reloaded)
    expect(getConnection(reloaded).status).toBe('disconnected')
    expect(await reconnect(createApp(renter, kept))).toEqual([])
  })

  test('refuses a chain that the account is not on, and what its user refuses', async () => {
    const client = await fixture.createClient()
    const config = createApp(client)
    const connector = firstOf(config)
    await connect(config, { connector })
    await expect(switchChain(config, { chainId: 1 as 31_337 })).rejects.toThrow(/Chain/)

    const shy = createConfig({
      chains: [devnet.chain],
      transports: { [devnet.chain.id]: http(devnet.rpcUrl) },
      connectors: [fabstir({ client, approve: () => false, name: 'Shy' })],
      storage: null,
      multiInjectedProviderDiscovery: false,
    })
    await expect(connect(shy, { connector: firstOf(shy) })).rejects.toMatchObject({ code: 4001 })
  })

  test('opens the account again when opening failed', async () => {
    let tries = 0
    const client = await fixture.createClient()
    const config = createConfig({
      chains: [devnet.chain],
      transports: { [devnet.chain.id]: http(devnet.rpcUrl) },
      connectors: [
        fabstir({
          client: async () => {
            tries += 1
            if (tries === 1) throw new Error('the passkey was not touched')
            return client
          },
        }),
      ],
      storage: null,
      multiInjectedProviderDiscovery: false,
    })
    const connector = firstOf(config)
    await expect(connect(config, { connector })).rejects.toThrow('the passkey was not touched')
    await connect(config, { connector })
    expect(await (await getWalletClient(config)).getAddresses()).toEqual([client.account.address])
  })
})

describe('ethers', () => {
  const contractOf = (signer: ReturnType<typeof toEthersSigner>) =>
    new Contract(devnet.contracts.marketplace, jobMarketplaceAbi, signer)

  test('a contract writes, waits for the receipt and reads its events', async () => {
    const renter = await fixture.createRenter('10')
    const { jobId } = await renter.postJobSync(job)
    const signer = toEthersSigner(renter)
    expect(await signer.getAddress()).toBe(renter.account.address)

    const marketplace = contractOf(signer)
    const response = await marketplace.getFunction('cancelJob')(jobId)
    const receipt = await response.wait()
    expect(receipt).toMatchObject({ status: 1, hash: response.hash })
    const names = receipt.logs.map((log: { fragment?: { name: string } }) => log.fragment?.name)
    expect(names).toContain('JobCancelled')
    expect(await renter.getJob({ jobId })).toMatchObject({ status: 'cancelled' })
    expectTypeOf(signer.sendTransaction).returns.resolves.toHaveProperty('wait')
  })

  test('signs messages and typed data that verify for the account, and for no key', async () => {
    const { account } = await fixture.createClient()
    const { address } = account
    const signer = toEthersSigner(await fixture.createRenter('1')).connect(
      new JsonRpcProvider(devnet.rpcUrl, undefined, { staticNetwork: true }),
    )
    const own = signer.client.account.address
    const message = await signer.signMessage('log in')
    const bytes = await signer.signMessage(new Uint8Array([1, 2, 3]))
    const { domain, types, message: value } = typedData
    const signature = await signer.signTypedData(domain, { Mail: [...types.Mail] }, value)
    const { publicClient } = fixture
    expect(
      await Promise.all([
        publicClient.verifyMessage({ address: own, message: 'log in', signature: message as Hex }),
        publicClient.verifyMessage({ address, message: 'log in', signature: message as Hex }),
        publicClient.verifyMessage({
          address: own,
          message: { raw: '0x010203' },
          signature: bytes as Hex,
        }),
        publicClient.verifyTypedData({ address: own, ...typedData, signature: signature as Hex }),
      ]),
    ).toEqual([true, false, true, true])
    expect(() => verifyMessage('log in', message)).toThrow()
    signer.provider.destroy()
  })

  test('a revert is the typed error of the client', async () => {
    const marketplace = contractOf(toEthersSigner(await fixture.createRenter('1')))
    await expect(marketplace.getFunction('cancelJob').send(999n)).rejects.toThrow(
      ContractRevertedError,
    )
  })

  test.each([
    ['from another account', { from: freshKey().address }, /from is/],
    ['on another chain', { chainId: 1n }, /chainId is 1/],
    ['that creates a contract', { to: null }, /to is missing/],
    ['that delegates an account', { authorizationList: [] }, /authorizationList/],
  ])('a transaction %s is refused before anything is sent', async (_, more, problem) => {
    const renter = await fixture.createClient()
    const transaction = { to: devnet.contracts.usdc, data: '0x', ...more }
    const sent = toEthersSigner(renter).sendTransaction(transaction as never)
    await expect(sent).rejects.toThrow(EthersTransactionError)
    await expect(sent).rejects.toThrow(problem)
    await expect(toEthersSigner(renter).signTransaction()).rejects.toThrow(EthersTransactionError)
    expect(await renter.account.isDeployed()).toBe(false)
  })
})

test('an app finds an announced provider (EIP-6963), until it is withdrawn', async () => {
  const page = new EventTarget()
  const { provider } = await providerFixture(devnet, fixture).createWallet()
  const found: unknown[] = []
  page.addEventListener('eip6963:announceProvider', (event) =>
    found.push((event as CustomEvent).detail),
  )
  const ask = () => page.dispatchEvent(new Event('eip6963:requestProvider'))
  const info = {
    name: 'Fabstir',
    icon: 'data:image/svg+xml,<svg/>',
    rdns: 'com.fabstir.wallet',
  } as const
  const stop = announceProvider({ provider, info, target: page })
  ask()
  stop()
  ask()
  expect(found).toMatchObject([
    { info, provider },
    { info, provider },
  ])
})

test('docs/web.md runs from top to bottom, prints what it says, and has right types', async () => {
  const project = await openWebProject()
  try {
    const printed = await project.run(['guide.ts'], devnet)
    expect(printed.trim().split('\n')).toEqual(project.prints)
    await project.run([join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'])
  } finally {
    await project.remove()
  }
})
