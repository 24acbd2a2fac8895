import { deploySponsorPaymaster, deploySuccessor } from '@fabstir/contracts/deploy'
import type { UserOperation } from '@fabstir/erc4337'
import { toFabstirAccount } from '@fabstir/sdk'
import type { Address, Hex } from 'viem'
import { concat, createPublicClient, http, numberToHex, parseEther, size } from 'viem'
import {
  createBundlerClient,
  createPaymasterClient,
  entryPoint08Address,
  entryPoint09Address,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Bundler } from '../../bundler/src/bundler.ts'
import { createBundler } from '../../bundler/src/bundler.ts'
import { fundSponsors } from '../../devnet/src/fundSponsors.ts'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import type { PaymasterService } from '../../paymaster-service/src/service.ts'
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import { rpc } from '../fixtures/bundlerClient.ts'
import type { Stack } from './paymasterFixture.ts'
import {
  adapterOf,
  apiKey,
  deploymentOf,
  newAccount,
  newOperation,
  serviceOptions,
  signed,
  signerKey,
  startStack,
} from './paymasterFixture.ts'
import { expectConserved, include, usageOf, usageWhen } from './paymasterUsage.ts'

/** EntryPoint 0.9: the paymaster signs beside the account or after it. */
let stack: Stack
let bundler: Bundler
let service: PaymasterService
let paymaster: Address
const { sponsorSpareSigner, sponsorOperator, treasury } = devnetAccounts
const firstSigner = privateKeyToAccount(signerKey).address
const context = { parallelSigning: true }
const adminKey = 'an-administrator-of-the-parallel-test'
const adapter = adapterOf(entryPoint09Address)

beforeAll(async () => {
  stack = await startStack()
  paymaster = deploymentOf(stack.contracts, entryPoint09Address).sponsorPaymaster
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
  service = await createPaymasterService(
    serviceOptions(stack, {
      paymasters: {
        [entryPoint08Address]: deploymentOf(stack.contracts, entryPoint08Address).sponsorPaymaster,
        [entryPoint09Address]: paymaster,
      },
      parallelSigning: true,
      administrators: [{ name: 'ops', key: adminKey }],
    }),
  )
})
afterAll(async () => {
  await service?.close()
  await bundler?.close()
  await stack?.anvil.stop()
})

function deployWith(signers: readonly [Address, Address], parallelSigning = true) {
  const { publicClient, walletClient } = stack
  return deploySponsorPaymaster({
    ...{ publicClient, walletClient, parallelSigning },
    entryPoint: entryPoint09Address,
    sponsor: { signers, operator: sponsorOperator.address, treasury: treasury.address },
  })
}

const serviceUrl = () => `${service.url}?apikey=${apiKey}`

type Fields = Record<string, Hex>

/** A method of ERC-7677 for an operation. */
async function ask(method: 'pm_getPaymasterStubData' | 'pm_getPaymasterData', op: UserOperation) {
  const params = [adapter.toRpc(op), entryPoint09Address, numberToHex(foundry.id), context]
  return rpc(serviceUrl(), method, params)
}

function withFields(op: UserOperation, fields: Fields): UserOperation {
  return {
    ...op,
    paymaster,
    paymasterData: fields.paymasterData ?? '0x',
    paymasterSignature: fields.paymasterSignature ?? '0x',
    paymasterVerificationGasLimit: BigInt(fields.paymasterVerificationGasLimit ?? 0),
    paymasterPostOpGasLimit: BigInt(fields.paymasterPostOpGasLimit ?? 0),
  }
}

/** An operation with the stub, which its account has signed. */
async function signedFirst() {
  const account = await newAccount(stack, entryPoint09Address)
  const op = newOperation(stack, account)
  const { result } = await ask('pm_getPaymasterStubData', op)
  const stubbed = await signed(account, entryPoint09Address, withFields(op, result as Fields))
  return { account, stubbed }
}

test("viem's clients need nothing but the context", async () => {
  const { anvil, contracts, walletClient } = stack
  const client = createPublicClient({
    chain: walletClient.chain,
    transport: http(anvil.url),
    pollingInterval: 50,
  })
  const owner = privateKeyToAccount(generatePrivateKey())
  const account = await toFabstirAccount({ client, owner, contracts, entryPoint: '0.9' })
  const viem = createBundlerClient({
    account,
    client,
    transport: http(bundler.url),
    paymaster: createPaymasterClient({ transport: http(serviceUrl()) }),
    paymasterContext: context,
    pollingInterval: 50,
  })
  const { callData } = newOperation(stack, await newAccount(stack, entryPoint09Address))
  const hash = await viem.sendUserOperation({ callData })
  expect(await viem.waitForUserOperationReceipt({ hash })).toMatchObject({
    success: true,
    paymaster,
  })
})

describe('the account signs first', () => {
  test('the stub is final but for the signature; nothing is held back before the paymaster signs', async () => {
    const { stubbed } = await signedFirst()
    expect(size(stubbed.paymasterData ?? '0x')).toBe(28)
    expect(size(stubbed.paymasterSignature ?? '0x')).toBe(65)
    expect((await usageOf(service)).reserved).toBe(0n)

    const { result } = await ask('pm_getPaymasterData', stubbed)
    const final = withFields(stubbed, result as Fields)
    expect(final).toMatchObject({ paymasterData: stubbed.paymasterData })
    expect(final.paymasterSignature).not.toBe(stubbed.paymasterSignature)
    expect(adapter.hash(final, foundry.id)).toBe(adapter.hash(stubbed, foundry.id))
    const zeros = (data: Hex = '0x') => data.match(/../g)?.filter((byte) => byte === '00').length
    expect(zeros(stubbed.paymasterSignature)).toBe(0)
    expect((await usageOf(service)).reserved).toBe(adapter.requiredPrefund(final))
    // Asked again it is the same.
    expect((await ask('pm_getPaymasterData', stubbed)).result).toEqual(result)

    const { actualGasCost, success } = await include(stack, entryPoint09Address, final)
    expect(success).toBe(true)
    const usage = await usageWhen(service, ({ settled }) => settled > 0n)
    expect(usage).toMatchObject({ settled: actualGasCost, reserved: 0n, operations: 1 })
    expectConserved(usage)
  })

  test('the stub itself does not pay', async () => {
    const { stubbed } = await signedFirst()
    await expect(include(stack, entryPoint09Address, stubbed)).rejects.toThrow(/AA34/)
  })

  test('terms that were not offered are refused, and hold nothing back', async () => {
    const { stubbed } = await signedFirst()
    const { paymasterData = '0x' } = stubbed
    const policy: Hex = `0x${paymasterData.slice(2, 34)}`
    const from = Number(`0x${paymasterData.slice(34, 46)}`)
    const until = Number(`0x${paymasterData.slice(46, 58)}`)
    const terms = (hash: Hex, validAfter: number, validUntil: number) =>
      concat([hash, numberToHex(validAfter, { size: 6 }), numberToHex(validUntil, { size: 6 })])
    for (const [rule, data] of [
      ['parallel.window', terms(policy, from, until + 1)],
      ['parallel.window', terms(policy, from - 3_000, until)],
      ['parallel.window', terms(policy, from + 30, until + 30)],
      ['parallel.window', terms(policy, from - 660, until - 660)],
      ['parallel.terms', terms(`0x${'11'.repeat(16)}`, from, until)],
      ['parallel.terms', `0x${'11'.repeat(93)}`],
    ] as const) {
      expect(await ask('pm_getPaymasterData', { ...stubbed, paymasterData: data })).toMatchObject({
        error: { code: -32010, data: { rule } },
      })
    }
    expect((await usageOf(service)).reserved).toBe(0n)
  })

  test('a signature pays for its operation only, in either form', async () => {
    const { account, stubbed } = await signedFirst()
    const final = withFields(stubbed, (await ask('pm_getPaymasterData', stubbed)).result as Fields)
    const other = await signedFirst()
    const moved = { ...other.stubbed, paymasterSignature: final.paymasterSignature ?? '0x' }
    await expect(include(stack, entryPoint09Address, moved)).rejects.toThrow(/AA34/)
    const raised = { ...final, paymasterPostOpGasLimit: 190_000n }
    await expect(
      include(stack, entryPoint09Address, await signed(account, entryPoint09Address, raised)),
    ).rejects.toThrow(/AA34/)
    // The same signature in the other form pays for the same operation, once.
    const { paymasterSignature = '0x', paymasterData = '0x', ...rest } = final
    const joined = { ...rest, paymasterData: concat([paymasterData, paymasterSignature]) }
    await include(stack, entryPoint09Address, await signed(account, entryPoint09Address, joined))
    await expect(include(stack, entryPoint09Address, final)).rejects.toThrow(/AA10|AA25/)
    const usage = await usageWhen(service, ({ settled }) => settled > 0n)
    expect(usage).toMatchObject({ reserved: 0n, operations: 1 })
  })
})

test('other EntryPoints do not know the form', async () => {
  const account = await newAccount(stack, entryPoint08Address)
  const op = adapterOf(entryPoint08Address).toRpc(newOperation(stack, account))
  const params = [op, entryPoint08Address, numberToHex(foundry.id), context]
  expect(await rpc(serviceUrl(), 'pm_getPaymasterStubData', params)).toMatchObject({
    error: { code: -32602, data: { field: 'context.parallelSigning' } },
  })
})

test('the successor of a paymaster takes the forms that the paymaster takes', async () => {
  const { publicClient, walletClient, contracts } = stack
  const signer = privateKeyToAccount(generatePrivateKey()).address
  const succeed = (before: Address) =>
    deploySuccessor({
      ...{ publicClient, walletClient, signer },
      paymaster: before,
      replace: sponsorSpareSigner.address,
    })
  expect(await succeed(paymaster)).toBe(await deployWith([firstSigner, signer]))
  const plain = await deployWith([firstSigner, sponsorSpareSigner.address], false)
  expect(await succeed(plain)).toBe(await deployWith([firstSigner, signer], false))
  // It has none of the functions that are asked, all at once.
  await expect(succeed(contracts.usdc)).rejects.toThrow(
    /function "(entryPoint|operator|treasury|signerA|signerB)" reverted/,
  )
})

test('a successor that does not take its form is refused; one that does takes over', async () => {
  const { contracts } = stack
  const rotate = async (successor: Address) => {
    const response = await fetch(`${service.url}/admin/paymasters/rotate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ entryPoint: entryPoint09Address, paymaster: successor }),
    })
    return { status: response.status, text: await response.text() }
  }
  expect(
    await rotate(await deployWith([firstSigner, sponsorSpareSigner.address], false)),
  ).toMatchObject({
    status: 400,
    text: expect.stringContaining('expected a ParallelSponsorPaymaster'),
  })
  const successor = await deployWith([
    firstSigner,
    privateKeyToAccount(generatePrivateKey()).address,
  ])
  const deployment = deploymentOf(contracts, entryPoint09Address)
  const funded = { ...contracts, deployments: [{ ...deployment, sponsorPaymaster: successor }] }
  await fundSponsors(stack, funded, parseEther('1'))
  expect((await rotate(successor)).status).toBe(200)
  const { stubbed } = await signedFirst()
  expect((await ask('pm_getPaymasterData', stubbed)).result).toMatchObject({
    paymaster: successor,
  })
})
