import { createSmartAccountClient } from 'permissionless'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import type { Address, EIP1193RequestFn, Hex } from 'viem'
import {
  createPublicClient,
  createWalletClient,
  custom,
  hexToBigInt,
  http,
  numberToHex,
  parseEther,
} from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import {
  createBundlerClient,
  createPaymasterClient,
  entryPoint07Address,
  entryPoint08Address,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Bundler } from '../../bundler/src/bundler.ts'
import { createBundler } from '../../bundler/src/bundler.ts'
import type {
  PaymasterService,
  PaymasterServiceOptions,
} from '../../paymaster-service/src/service.ts'
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import { rpc } from '../fixtures/bundlerClient.ts'
import type { Stack } from './paymasterFixture.ts'
import { apiKey, signerKey, startStack } from './paymasterFixture.ts'
import { usageOf } from './paymasterUsage.ts'
import type { Simple } from './simpleStack.ts'
import { deploySimple, recipient } from './simpleStack.ts'

/** Published clients, unchanged, with accounts that are not ours, on EntryPoints 0.7 and 0.8. */
let stack: Stack
let bundler: Bundler
let service: PaymasterService
const deployed: Partial<Record<'0.7' | '0.8', Simple>> = {}

const stranger: Address = '0x00000000000000000000000000000000000000b8'
const versions = [
  { version: '0.7', entryPoint: entryPoint07Address },
  { version: '0.8', entryPoint: entryPoint08Address },
] as const
beforeAll(async () => {
  stack = await startStack()
  for (const { version, entryPoint } of versions)
    deployed[version] = await deploySimple(stack, version, entryPoint)
  const executor = generatePrivateKey()
  const { address } = privateKeyToAccount(executor)
  await stack.client.setBalance({ address, value: parseEther('100') })
  bundler = await createBundler({
    rpcUrl: stack.anvil.url,
    executorPrivateKeys: [executor],
    port: 0,
    store: 'memory',
    pollInterval: 50,
    logLevel: 'silent',
  })
})
beforeEach(async () => {
  await service?.close()
  service = await createPaymasterService(options())
})
afterAll(async () => {
  await service?.close()
  await bundler?.close()
  await stack?.anvil.stop()
})

function options() {
  return {
    rpcUrl: stack.anvil.url,
    chainId: foundry.id,
    paymasters: Object.fromEntries(
      Object.values(deployed).map(({ entryPoint, paymaster }) => [entryPoint, paymaster]),
    ),
    signerKey,
    bundlerUrl: bundler.url,
    apps: [{ name: 'test', apiKey, policies: ['poor', 'simple-0.7', 'simple-0.8'] }],
    policies: [
      { ...simple('0.7').document, id: 'poor', caps: { global: { wei: '1', window: 'day' } } },
      simple('0.7').document,
      simple('0.8').document,
    ],
    store: 'memory',
    port: 0,
    pollingIntervalMs: 20,
    logLevel: 'error',
  } satisfies PaymasterServiceOptions
}

function simple(version: '0.7' | '0.8'): Simple {
  const found = deployed[version]
  if (!found) throw new RangeError(`nothing is deployed for ${version}`)
  return found
}

const serviceUrl = () => `${service.url}?apikey=${apiKey}`
const nudge = (to: Address = recipient) => ({ to, value: 0n, data: '0x' as Hex })

async function newClients(version: '0.7' | '0.8') {
  const { entryPoint: address, factory } = simple(version)
  const entryPoint = { address, version } as const
  const client = createPublicClient({
    chain: stack.walletClient.chain,
    transport: http(stack.anvil.url),
    pollingInterval: 50,
  })
  const account: SmartAccount = await toSimpleSmartAccount({
    client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint,
    factoryAddress: factory,
  })
  const pimlico = createPimlicoClient({
    chain: client.chain,
    transport: http(serviceUrl(), { retryCount: 0 }),
    entryPoint,
  })
  return { client, account, pimlico, entryPoint }
}

describe.each(versions)('EntryPoint $version', ({ version }) => {
  const policyId = `simple-${version}`

  test("viem's bundler and paymaster clients, by the key's policies in order", async () => {
    const { client, account } = await newClients(version)
    const viem = createBundlerClient({
      account,
      client,
      transport: http(bundler.url),
      paymaster: createPaymasterClient({ transport: http(serviceUrl()) }),
      pollingInterval: 50,
    })
    for (const isDeployed of [false, true]) {
      expect(await account.isDeployed()).toBe(isDeployed)
      const hash = await viem.sendUserOperation({ calls: [nudge()] })
      expect(await viem.waitForUserOperationReceipt({ hash })).toMatchObject({
        success: true,
        paymaster: simple(version).paymaster,
      })
    }
  })

  test('gas that is added between estimate and final data is refused by a policy that bounds it', async () => {
    await service.close()
    const unusedGas = { maxPercent: 40 }
    service = await createPaymasterService({
      ...options(),
      apps: [{ name: 'test', apiKey, policies: [policyId] }],
      policies: [{ ...simple(version).document, unusedGas }],
    })
    const { client, account } = await newClients(version)
    const viem = createBundlerClient({
      account,
      client,
      transport: http(bundler.url),
      paymaster: createPaymasterClient({ transport: http(serviceUrl(), { retryCount: 0 }) }),
      pollingInterval: 50,
    })
    const hash = await viem.sendUserOperation({ calls: [nudge()] })
    expect(await viem.waitForUserOperationReceipt({ hash })).toMatchObject({ success: true })
    await expect(
      viem.sendUserOperation({ calls: [nudge()], callGasLimit: 2_000_000n }),
    ).rejects.toThrow(/gas\.unused: \d+ of \d+ gas is above the estimate/)
  })

  test('permissionless: a smart account client with this service in the place of Pimlico', async () => {
    const { client, account, pimlico } = await newClients(version)
    const smart = createSmartAccountClient({
      account,
      client,
      chain: client.chain,
      bundlerTransport: http(bundler.url),
      paymaster: pimlico,
      paymasterContext: { sponsorshipPolicyId: policyId },
      pollingInterval: 50,
    })
    const hash = await smart.sendTransaction({ calls: [nudge()] })
    expect(await client.getTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
    await expect(smart.sendTransaction({ calls: [nudge(stranger)] })).rejects.toThrow(
      /calls\.not-allowed/,
    )
  })

  test('permissionless: sponsorUserOperation estimates and signs in one request', async () => {
    const { client, account, pimlico, entryPoint } = await newClients(version)
    const viem = createBundlerClient({
      account,
      client,
      transport: http(bundler.url),
      pollingInterval: 50,
    })
    const { factory, factoryData } = await account.getFactoryArgs()
    const base = {
      sender: account.address,
      nonce: await account.getNonce(),
      factory,
      factoryData,
      callData: await account.encodeCalls([nudge()]),
      maxFeePerGas: 3_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
      signature: await account.getStubSignature(),
    }
    const sponsor = (more: object = {}) =>
      pimlico.sponsorUserOperation({
        userOperation: { ...base, ...more },
        entryPoint,
        sponsorshipPolicyId: policyId,
      } as never)
    const fields = await sponsor()
    expect(fields).toMatchObject({ paymaster: simple(version).paymaster })
    const op = { ...base, ...fields }
    const signature = await account.signUserOperation(op as never)
    const hash = await viem.sendUserOperation({ ...op, signature, account } as never)
    expect(await viem.waitForUserOperationReceipt({ hash })).toMatchObject({ success: true })

    // What the bundler says about an operation that fails comes through.
    await expect(sponsor({ nonce: 7n })).rejects.toThrow(/AA25|nonce/)
    await expect(sponsor({ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n })).rejects.toThrow(
      /maxFeePerGas: expected more than 0/,
    )
  })

  test('permissionless: validateSponsorshipPolicies names those that would pay', async () => {
    const { account, pimlico, entryPoint } = await newClients(version)
    const userOperation = async (to: Address) => ({
      sender: account.address,
      nonce: 0n,
      ...(await account.getFactoryArgs()),
      callData: await account.encodeCalls([nudge(to)]),
      callGasLimit: 100_000n,
      verificationGasLimit: 500_000n,
      preVerificationGas: 60_000n,
      maxFeePerGas: 3_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
      signature: await account.getStubSignature(),
    })
    const validate = async (to: Address) =>
      pimlico.validateSponsorshipPolicies({
        userOperation: (await userOperation(to)) as never,
        sponsorshipPolicyIds: ['poor', 'simple-0.7', 'simple-0.8', 'of-another-key'],
      })
    expect(await validate(recipient)).toEqual([
      {
        sponsorshipPolicyId: policyId,
        data: { name: 'Nudges', author: 'Fabstir', icon: null, description: 'Pays for nudges' },
      },
    ])
    expect(await validate(stranger)).toEqual([])

    const { result } = await rpc(serviceUrl(), 'pm_dryRunPolicies', [
      JSON.parse(JSON.stringify(await userOperation(recipient), hexOfBigInt)),
      entryPoint.address,
      numberToHex(foundry.id),
    ])
    const other = version === '0.7' ? 'simple-0.8' : 'simple-0.7'
    const poor = version === '0.7' ? 'global.cap' : 'entry-point.not-allowed'
    const lines = result as { policyId: string; ok: boolean; resetsAt: number | null }[]
    expect(lines).toHaveLength(3)
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ policyId, ok: true, rule: null, remaining: null }),
        expect.objectContaining({ policyId: other, ok: false, rule: 'entry-point.not-allowed' }),
        expect.objectContaining({ policyId: 'poor', ok: false, rule: poor }),
      ]),
    )
    expect(lines[0]?.resetsAt).toEqual(version === '0.7' ? expect.any(Number) : null)
    expect((await usageOf(service)).reserved).toBe(0n)
  })

  test('EIP-5792: a wallet hands url and context of paymasterService on', async () => {
    const { client, account } = await newClients(version)
    const wallet = createWalletClient({
      account: account.address,
      chain: client.chain,
      transport: custom({ request: walletOf(account) }),
    })
    const sendCalls = (context: object) =>
      wallet.sendCalls({
        calls: [nudge()],
        capabilities: { paymasterService: { url: serviceUrl(), context } },
      })
    const { id } = await sendCalls({ policyId })
    const bundlerClient = createBundlerClient({
      client,
      transport: http(bundler.url),
      pollingInterval: 50,
    })
    expect(await bundlerClient.waitForUserOperationReceipt({ hash: id as Hex })).toMatchObject({
      success: true,
      paymaster: simple(version).paymaster,
    })
    await expect(sendCalls({ policyId: 'of-another-key' })).rejects.toThrow(/policy\.unknown/)
  })
})

test('one shot, as it is on the wire: a refusal with its numbers, and gas limits', async () => {
  const { account, entryPoint } = await newClients('0.7')
  const userOperation = {
    sender: account.address,
    nonce: 0n,
    ...(await account.getFactoryArgs()),
    callData: await account.encodeCalls([nudge()]),
    maxFeePerGas: 3_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    signature: await account.getStubSignature(),
  }
  const ask = (sponsorshipPolicyId: string) =>
    rpc(serviceUrl(), 'pm_sponsorUserOperation', [
      JSON.parse(JSON.stringify(userOperation, hexOfBigInt)),
      entryPoint.address,
      { sponsorshipPolicyId },
    ])
  expect(await ask('poor')).toMatchObject({
    error: {
      code: -32010,
      data: { rule: 'global.cap', remaining: '1', resetsAt: expect.any(Number), policyId: 'poor' },
    },
  })
  expect(await ask('simple-0.7')).toMatchObject({
    result: { paymaster: simple('0.7').paymaster, callGasLimit: expect.stringMatching(/^0x/) },
  })
  expect(await rpc(serviceUrl(), 'pm_supportedEntryPoints')).toMatchObject({
    result: [entryPoint07Address, entryPoint08Address],
  })
})

const hexOfBigInt = (_: string, value: unknown) =>
  typeof value === 'bigint' ? numberToHex(value) : value

/** The least that an EIP-5792 wallet of a smart account does with the `paymasterService` capability (ERC-7677). */
function walletOf(account: SmartAccount): EIP1193RequestFn {
  return (async ({ method, params }: { method: string; params: unknown }) => {
    if (method === 'eth_chainId') return numberToHex(foundry.id)
    if (method !== 'wallet_sendCalls') throw new Error(`the wallet has no ${method}`)
    const [{ calls, capabilities }] = params as [
      {
        calls: { to: Address; value?: Hex; data?: Hex }[]
        capabilities: { paymasterService: { url: string; context: object } }
      },
    ]
    const { url, context } = capabilities.paymasterService
    const viem = createBundlerClient({
      account,
      client: account.client,
      transport: http(bundler.url),
      paymaster: createPaymasterClient({ transport: http(url, { retryCount: 0 }) }),
      paymasterContext: context,
    })
    const id = await viem.sendUserOperation({
      calls: calls.map(({ to, value = '0x0', data = '0x' }) => ({
        to,
        value: hexToBigInt(value),
        data,
      })),
    })
    return { id }
  }) as EIP1193RequestFn
}
