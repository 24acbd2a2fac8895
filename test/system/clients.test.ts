import { createSmartAccountClient } from 'permissionless'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import type { Address, Hex } from 'viem'
import { createPublicClient, defineChain, http, numberToHex, parseEther } from 'viem'
import { createBundlerClient, type SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bundler, BundlerOptions } from '../../bundler/src/bundler.ts'
import { createBundler } from '../../bundler/src/bundler.ts'
import { rpc } from '../fixtures/bundlerClient.ts'
import {
  type AccountKinds,
  accountKindNames,
  installAccountKinds,
} from '../fixtures/clients/accountKinds.ts'
import { kernelCodeSize } from '../fixtures/clients/kernelContracts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

/** Published clients, unchanged, against this bundler. */
let chain: TestChain
let bundler: Bundler
let kinds: AccountKinds
let client: ReturnType<typeof clientOf>

beforeAll(async () => {
  chain = await startTestChain({ codeSizeLimit: kernelCodeSize })
  client = clientOf(chain.rpcUrl, chain.chainId)
  kinds = await installAccountKinds(chain)
  bundler = await startBundler()
})
afterAll(async () => {
  await bundler?.close()
  await chain?.stop()
})

/** A client of the node as an app has it: it knows its chain. */
function clientOf(rpcUrl: string, id: number) {
  const viemChain = defineChain({
    id,
    name: 'test chain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  return createPublicClient({ chain: viemChain, transport: http(), pollingInterval: 50 })
}

async function startBundler(options: Partial<BundlerOptions> = {}): Promise<Bundler> {
  const executor = generatePrivateKey()
  const address = privateKeyToAddress(executor)
  await chain.client.setBalance({ address, value: parseEther('100') })
  return createBundler({
    rpcUrl: chain.rpcUrl,
    executorPrivateKeys: [executor],
    port: 0,
    store: 'memory',
    pollInterval: 50,
    logLevel: process.env.BUNDLER_LOG === undefined ? 'silent' : 'debug',
    ...options,
  })
}

const recipient: Address = '0x00000000000000000000000000000000000000A7'
const calls = [{ to: recipient, value: 1n, data: '0x' as Hex }]
const owner = () => privateKeyToAccount(generatePrivateKey())
const make = (name: (typeof accountKindNames)[number]) => kinds[name].make(client, owner())

/** viem signs the delegation of an EIP-7702 account only when it is asked to. */
async function delegation(account: SmartAccount) {
  if (!account.authorization) return {}
  const { account: signer, address } = account.authorization
  const nonce = await chain.client.getTransactionCount({ address: signer.address })
  const authorization = await signer.signAuthorization?.({
    address,
    chainId: chain.chainId,
    nonce,
  })
  return authorization ? { authorization } : {}
}

describe.each(accountKindNames)('%s', (name) => {
  async function prepare() {
    const account = await make(name)
    const { version } = kinds[name]
    await chain.client.setBalance({ address: account.address, value: parseEther('1') })
    const { entryPoint } = account
    const pimlico = createPimlicoClient({
      chain: client.chain,
      transport: http(bundler.url),
      entryPoint: { address: entryPoint.address, version },
    })
    const viem = createBundlerClient({
      account,
      client,
      chain: client.chain,
      transport: http(bundler.url),
      pollingInterval: 50,
    })
    return { account, pimlico, viem }
  }

  test('viem: first operation deploys, estimate, receipt and lookups agree', async () => {
    const { account, pimlico, viem } = await prepare()
    const { fast } = await pimlico.getUserOperationGasPrice()
    const authorization = await delegation(account)
    const estimate = await viem.estimateUserOperationGas({ calls, ...fast, ...authorization })
    expect(estimate.callGasLimit).toBeGreaterThan(0n)
    const hash = await viem.sendUserOperation({ calls, ...fast, ...authorization })
    const receipt = await viem.waitForUserOperationReceipt({ hash, timeout: 10_000 })
    expect(receipt).toMatchObject({
      success: true,
      userOpHash: hash,
      sender: account.address,
      entryPoint: account.entryPoint.address,
    })
    expect(receipt.actualGasUsed).toBeGreaterThan(0n)
    expect(await chain.client.getCode({ address: account.address })).toBeDefined()
    expect(await viem.getUserOperation({ hash })).toMatchObject({
      entryPoint: account.entryPoint.address,
      transactionHash: receipt.receipt.transactionHash,
      blockNumber: receipt.receipt.blockNumber,
      userOperation: { sender: account.address, nonce: BigInt(receipt.nonce) },
    })
    expect(await pimlico.getUserOperationStatus({ hash })).toEqual({
      status: 'included',
      transactionHash: receipt.receipt.transactionHash,
    })
  })

  test('permissionless: a transaction on a deployed account, with its gas price', async () => {
    const { account, pimlico, viem } = await prepare()
    const first = await viem.sendUserOperation({ calls, ...(await delegation(account)) })
    await viem.waitForUserOperationReceipt({ hash: first, timeout: 10_000 })
    const smart = createSmartAccountClient({
      account,
      client,
      chain: client.chain,
      bundlerTransport: http(bundler.url),
      pollingInterval: 50,
      userOperation: {
        estimateFeesPerGas: async () => (await pimlico.getUserOperationGasPrice()).fast,
      },
    })
    const before = await client.getBalance({ address: recipient })
    const transaction = await smart.sendTransaction({ calls })
    expect(await client.getBalance({ address: recipient })).toBe(before + 1n)
    expect(await client.getTransactionReceipt({ hash: transaction })).toMatchObject({
      status: 'success',
    })
  })
})

// Nexus' own validator, which reads what permissionless wraps (ERC-7739), is in no npm package.
describe.each(accountKindNames.filter((name) => !/^(Simple 0|Nexus)/.test(name)))(
  '%s, not deployed',
  (name) => {
    test('takes a pending operation back by what its client signs (ERC-1271)', async () => {
      const account = await make(name)
      await chain.client.setBalance({ address: account.address, value: parseEther('1') })
      const manual = await startBundler({ bundleMode: 'manual' })
      try {
        const viem = createBundlerClient({
          account,
          client,
          chain: client.chain,
          transport: http(manual.url),
        })
        const userOpHash = await viem.sendUserOperation({ calls, ...(await delegation(account)) })
        const deadline = BigInt(Math.floor(Date.now() / 1_000) + 60)
        const signature = await account.signTypedData({
          domain: {
            name: 'FabstirBundler',
            version: '1',
            chainId: chain.chainId,
            verifyingContract: account.entryPoint.address,
          },
          types: {
            DropUserOperation: [
              { name: 'userOpHash', type: 'bytes32' },
              { name: 'deadline', type: 'uint256' },
            ],
          },
          primaryType: 'DropUserOperation',
          message: { userOpHash, deadline },
        })
        const drop = (signed: Hex) =>
          rpc(manual.url, 'bundler_dropUserOperation', [userOpHash, numberToHex(deadline), signed])
        const foreign = await owner().sign({ hash: userOpHash })
        expect(await drop(foreign)).toMatchObject({ error: { code: -32507 } })
        expect(await drop(signature)).toMatchObject({ result: true })
        expect(await drop(signature)).toMatchObject({ result: false })
      } finally {
        await manual.close()
      }
    })
  },
)
