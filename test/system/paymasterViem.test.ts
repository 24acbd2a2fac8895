import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { Devnet } from '@fabstir/devnet'
import { startDevnet } from '@fabstir/devnet'
import { toFabstirAccount } from '@fabstir/sdk'
import { createPublicClient, encodeFunctionData, http, zeroAddress } from 'viem'
import {
  createBundlerClient,
  createPaymasterClient,
  entryPoint08Address,
  entryPoint09Address,
} from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys } from '../../devnet/src/apps.ts'
import { deploymentOf } from './paymasterFixture.ts'
import { freshKey } from './sdkFixture.ts'

let devnet: Devnet

beforeAll(async () => {
  devnet = await startDevnet()
})

afterAll(() => devnet?.close())

/** viem's own clients, without anything of the SDK but the account. */
async function setUp(entryPoint: '0.8' | '0.9', { apiKey = apiKeys.demo as string } = {}) {
  const { chain, rpcUrl, bundlerUrl, paymasterUrl, contracts } = devnet
  const client = createPublicClient({ chain, transport: http(rpcUrl), pollingInterval: 50 })
  const account = await toFabstirAccount({ client, owner: freshKey(), contracts, entryPoint })
  const bundler = createBundlerClient({
    account,
    client,
    transport: http(bundlerUrl),
    paymaster: createPaymasterClient({ transport: http(`${paymasterUrl}?apikey=${apiKey}`) }),
    paymasterContext: { policyId: 'marketplace' },
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
