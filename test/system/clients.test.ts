import { createSmartAccountClient } from 'permissionless'
import {
  toKernelSmartAccount,
  toSafeSmartAccount,
  toSimpleSmartAccount,
} from 'permissionless/accounts'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import type { Address, Hex } from 'viem'
import { createPublicClient, defineChain, http, numberToHex, parseEther } from 'viem'
import type { EntryPointVersion, SmartAccount } from 'viem/account-abstraction'
import {
  createBundlerClient,
  entryPoint07Address,
  entryPoint08Address,
  entryPoint09Address,
  toSimple7702SmartAccount,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bundler, BundlerOptions } from '../../bundler/src/bundler.ts'
import { createBundler } from '../../bundler/src/bundler.ts'
import { rpc } from '../fixtures/bundlerClient.ts'
import type { KernelContracts } from '../fixtures/clients/kernelContracts.ts'
import { installKernel, kernelCodeSize } from '../fixtures/clients/kernelContracts.ts'
import { installSafe } from '../fixtures/clients/safeContracts.ts'
import { publishedArtifact } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

/** Published clients, unchanged, against this bundler. */
let chain: TestChain
let bundler: Bundler
let kernel: KernelContracts
let client: ReturnType<typeof clientOf>
const simpleFactories = new Map<string, Address>()
const implementations = new Map<string, Address>()

beforeAll(async () => {
  chain = await startTestChain({ codeSizeLimit: kernelCodeSize })
  client = clientOf(chain.rpcUrl, chain.chainId)
  for (const [version, entryPoint] of [
    ['0.7', entryPoint07Address],
    ['0.8', entryPoint08Address],
  ] as const) {
    const { abi, bytecode } = publishedArtifact(version, 'SimpleAccountFactory')
    simpleFactories.set(version, await chain.deploy({ abi, bytecode, args: [entryPoint] }))
  }
  for (const version of ['0.8', '0.9'] as const) {
    const { abi, bytecode } = publishedArtifact(version, 'Simple7702Account')
    const args = version === '0.9' ? [entryPoint09Address] : []
    implementations.set(version, await chain.deploy({ abi, bytecode, args }))
  }
  await installSafe(chain)
  kernel = await installKernel(chain)
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
const known = <T>(map: Map<string, T>, key: string): T => {
  const found = map.get(key)
  if (found === undefined) throw new Error(`nothing for ${key}`)
  return found
}

type Case = { name: string; version: EntryPointVersion; make: () => Promise<SmartAccount> }
const cases: Case[] = [
  ...(['0.7', '0.8'] as const).map((version): Case => {
    const address = version === '0.7' ? entryPoint07Address : entryPoint08Address
    return {
      name: 'permissionless SimpleAccount',
      version,
      make: () =>
        toSimpleSmartAccount({
          client,
          owner: owner(),
          entryPoint: { address, version },
          factoryAddress: known(simpleFactories, version),
        }),
    }
  }),
  {
    name: 'permissionless Safe 1.4.1',
    version: '0.7',
    make: () => toSafeSmartAccount({ client, owners: [owner()], version: '1.4.1' }),
  },
  {
    name: 'permissionless Kernel 0.3.1',
    version: '0.7',
    make: () =>
      toKernelSmartAccount({
        client,
        owners: [owner()],
        version: '0.3.1',
        factoryAddress: kernel.factory,
        accountLogicAddress: kernel.implementation,
        validatorAddress: kernel.validator,
        useMetaFactory: false,
      }),
  },
  ...(['0.8', '0.9'] as const).map(
    (version): Case => ({
      name: 'viem Simple7702Account',
      version,
      make: () =>
        toSimple7702SmartAccount({
          client,
          owner: owner(),
          entryPoint: version,
          implementation: known(implementations, version),
        }),
    }),
  ),
]

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

describe.each(cases)('$name on EntryPoint $version', ({ version, make }) => {
  async function prepare() {
    const account = await make()
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

describe.each(cases.filter(({ name }) => name !== 'permissionless SimpleAccount'))(
  '$name on EntryPoint $version, not deployed',
  ({ make }) => {
    test('takes a pending operation back by what its client signs (ERC-1271)', async () => {
      const account = await make()
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
