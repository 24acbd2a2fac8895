import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { Devnet } from '@fabstir/devnet'
import { startDevnet } from '@fabstir/devnet'
import { toFabstirAccount } from '@fabstir/sdk'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  encodeFunctionData,
  http,
  publicActions,
  zeroAddress,
} from 'viem'
import {
  createBundlerClient,
  createPaymasterClient,
  entryPoint07Address,
  entryPoint08Address,
  entryPoint09Address,
} from 'viem/account-abstraction'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminKey, apiKeys } from '../../devnet/src/apps.ts'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import { deploymentOf } from './paymasterFixture.ts'
import { freshKey } from './sdkFixture.ts'
import { deploySimpleFactory, recipient } from './simpleStack.ts'

let devnet: Devnet

beforeAll(async () => {
  devnet = await startDevnet()
})

afterAll(() => devnet?.close())

/** viem's own clients, without anything of the SDK but the account. */
async function setUp(
  entryPoint: '0.8' | '0.9',
  { apiKey = apiKeys.demo as string, ...context }: { apiKey?: string; parallelSigning?: true } = {},
) {
  const { chain, rpcUrl, bundlerUrl, paymasterUrl, contracts } = devnet
  const client = createPublicClient({ chain, transport: http(rpcUrl), pollingInterval: 50 })
  const account = await toFabstirAccount({ client, owner: freshKey(), contracts, entryPoint })
  const bundler = createBundlerClient({
    account,
    client,
    transport: http(bundlerUrl),
    paymaster: createPaymasterClient({ transport: http(`${paymasterUrl}?apikey=${apiKey}`) }),
    paymasterContext: { policyId: 'marketplace', ...context },
    pollingInterval: 50,
  })
  return { account, client, bundler }
}

const setCoSigner = (address: `0x${string}`) => ({
  to: devnet.contracts.marketplace,
  data: encodeFunctionData({
    abi: jobMarketplaceAbi,
    functionName: 'setDefaultCoSigner',
    args: [address],
  }),
})

describe.each([
  { entryPoint: '0.8', address: entryPoint08Address },
  { entryPoint: '0.9', address: entryPoint09Address },
] as const)('viem on EntryPoint $entryPoint', ({ entryPoint, address }) => {
  test('its bundler client sends a sponsored operation unchanged, first to deploy, then again', async () => {
    const { account, client, bundler } = await setUp(entryPoint)
    for (const deployed of [false, true]) {
      expect(await account.isDeployed()).toBe(deployed)
      const hash = await bundler.sendUserOperation({ calls: [setCoSigner(account.address)] })
      const receipt = await bundler.waitForUserOperationReceipt({ hash })
      expect(receipt).toMatchObject({
        success: true,
        paymaster: deploymentOf(devnet.contracts, address).sponsorPaymaster,
      })
    }
    expect(await client.getBalance({ address: account.address })).toBe(0n)
  })

  test('its error shows the rule of a refusal', async () => {
    const { account, bundler } = await setUp(entryPoint)
    await expect(
      bundler.sendUserOperation({ calls: [{ to: zeroAddress, data: '0xdeadbeef' }] }),
    ).rejects.toThrow(/calls\.not-allowed/)
    const other = await setUp(entryPoint, { apiKey: 'not-a-key-of-the-devnet' })
    await expect(
      other.bundler.sendUserOperation({ calls: [setCoSigner(account.address)] }),
    ).rejects.toThrow(/the API key is missing or unknown/)
  })
})

test('on EntryPoint 0.9 the paymaster of the devnet signs after the account, if it is asked to', async () => {
  const { account, bundler } = await setUp('0.9', { parallelSigning: true })
  const hash = await bundler.sendUserOperation({ calls: [setCoSigner(account.address)] })
  const { success, paymaster } = await bundler.waitForUserOperationReceipt({ hash })
  expect(success).toBe(true)
  expect(paymaster).toBe(deploymentOf(devnet.contracts, entryPoint09Address).sponsorPaymaster)
  const { userOperation } = await bundler.getUserOperation({ hash })
  expect(userOperation.paymasterSignature).toMatch(/^0x[0-9a-f]{130}$/)
})

test('on EntryPoint 0.7 it pays for accounts of others, by a policy that the administrator applies', async () => {
  const { rpcUrl, bundlerUrl, paymasterUrl, contracts } = devnet
  const sponsor = contracts.otherSponsors?.[0]
  expect(sponsor).toMatchObject({ entryPoint: entryPoint07Address, entryPointVersion: '0.7' })
  const transport = http(rpcUrl)
  const chain = { ...foundry, rpcUrls: { default: { http: [rpcUrl] } } }
  const client = createTestClient({ chain, mode: 'anvil', transport, pollingInterval: 20 }).extend(
    publicActions,
  )
  const walletClient = createWalletClient({ account: devnetAccounts.deployer, chain, transport })
  const { factory, document } = await deploySimpleFactory(
    { client, walletClient },
    '0.7',
    entryPoint07Address,
  )
  const administer = async (method: string, path: string, body: unknown) => {
    const response = await fetch(`${paymasterUrl}/admin${path}`, {
      method,
      headers: { Authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.ok, path).toBe(true)
    return (await response.json()) as { key?: string }
  }
  await administer('PUT', '/policies', { document })
  await administer('POST', '/apps', { name: 'others', policies: [document.id] })
  const { key = '' } = await administer('POST', '/apps/others/keys', {})

  const bundler = createBundlerClient({
    account: await toSimpleSmartAccount({
      client,
      owner: freshKey(),
      entryPoint: { address: entryPoint07Address, version: '0.7' },
      factoryAddress: factory,
    }),
    client,
    transport: http(bundlerUrl),
    paymaster: createPaymasterClient({ transport: http(`${paymasterUrl}?apikey=${key}`) }),
    pollingInterval: 50,
  })
  const hash = await bundler.sendUserOperation({ calls: [{ to: recipient }] })
  expect(await bundler.waitForUserOperationReceipt({ hash })).toMatchObject({
    success: true,
    paymaster: sponsor?.sponsorPaymaster,
  })
})
