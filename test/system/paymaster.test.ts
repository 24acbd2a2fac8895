import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sponsorPaymasterAbi } from '@fabstir/contracts/abi'
import type { UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { pad, parseAbi, parseEther, size } from 'viem'
import {
  entryPoint08Address,
  entryPoint09Address,
  toPackedUserOperation,
} from 'viem/account-abstraction'
import { foundry } from 'viem/chains'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { PaymasterService } from '../../paymaster-service/src/service.ts'
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import { sponsorshipHasher } from '../../paymaster-service/src/signing/sponsoredOperation.ts'
import type { Stack } from './paymasterFixture.ts'
import {
  adapterOf,
  deploymentOf,
  encodeCalls,
  newAccount,
  newOperation,
  paymasterClient,
  serviceOptions,
  signed,
  sponsored,
  startStack,
} from './paymasterFixture.ts'
import { expectConserved, include as includeIn, usageOf, usageWhen } from './paymasterUsage.ts'

let stack: Stack
let folder: string
const services: PaymasterService[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-paymaster-'))
  stack = await startStack()
})

afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
})

afterAll(async () => {
  await stack?.anvil.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function startService(overrides?: Parameters<typeof serviceOptions>[1]) {
  const service = await createPaymasterService(serviceOptions(stack, overrides))
  services.push(service)
  return service
}

const include = (entryPoint: Address, op: UserOperation) => includeIn(stack, entryPoint, op)

describe.each([
  { version: '0.8', entryPoint: entryPoint08Address },
  { version: '0.9', entryPoint: entryPoint09Address },
])('EntryPoint $version', ({ entryPoint }) => {
  test('it pays for an operation that deploys its account, and settles what the event says', async () => {
    const service = await startService()
    const account = await newAccount(stack, entryPoint)
    const op = newOperation(stack, account)

    const stub = await paymasterClient(service).getPaymasterStubData({
      chainId: foundry.id,
      entryPointAddress: entryPoint,
      sender: op.sender,
      nonce: op.nonce,
      callData: op.callData,
      factory: account.factory,
      factoryData: account.factoryData,
      maxFeePerGas: op.maxFeePerGas,
      maxPriorityFeePerGas: op.maxPriorityFeePerGas,
    })
    expect(stub.sponsor?.name).toBe('Fabstir marketplace')
    expect((await usageOf(service)).reserved).toBe(0n)

    const paid = await sponsored(service, entryPoint, op)
    expect(size(paid.paymasterData ?? '0x')).toBe(93)
    expect(size(stub.paymasterData ?? '0x')).toBe(93)
    expect(paid.paymaster).toBe(deploymentOf(stack.contracts, entryPoint).sponsorPaymaster)
    const reserved = await usageOf(service)
    expect(reserved.reserved).toBe(adapterOf(entryPoint).requiredPrefund(paid))
    expectConserved(reserved)

    const { actualGasCost, success } = await include(
      entryPoint,
      await signed(account, entryPoint, paid),
    )
    expect(success).toBe(true)
    const settled = await usageWhen(service, (usage) => usage.settled > 0n)
    expect(settled).toMatchObject({ settled: actualGasCost, reserved: 0n, operations: 1 })
    expectConserved(settled)
  })

  test('its verification limit leaves a quarter to spare', async () => {
    const service = await startService()
    const account = await newAccount(stack, entryPoint)
    const { paymasterVerificationGasLimit = 0n } = await sponsored(
      service,
      entryPoint,
      newOperation(stack, account),
    )
    const tight = { paymasterVerificationGasLimit: (paymasterVerificationGasLimit * 3n) / 4n }
    const op = await sponsored(service, entryPoint, newOperation(stack, account, tight))
    const { success } = await include(entryPoint, await signed(account, entryPoint, op))
    expect(success).toBe(true)
  })

  test('it signs the digest that the contract checks, also for a delegated sender', async () => {
    const { sponsorPaymaster: paymaster } = deploymentOf(stack.contracts, entryPoint)
    const account = await newAccount(stack, entryPoint)
    const delegate = deploymentOf(stack.contracts, entryPoint).accountImplementation
    const delegated = '0x00000000000000000000000000000000de1e6a7e'
    await stack.client.setCode({ address: delegated, bytecode: `0xef0100${delegate.slice(2)}` })
    for (const [op, runs] of [
      [newOperation(stack, account), undefined],
      [newOperation(stack, { ...account, address: delegated }), delegate],
    ] as const) {
      const limits = { paymasterVerificationGasLimit: 50_001n, paymasterPostOpGasLimit: 7n }
      const policyHash = '0x00112233445566778899aabbccddeeff'
      const digest = sponsorshipHasher({
        chainId: foundry.id,
        entryPoint,
        paymaster,
        op: { ...op, ...limits },
        delegate: runs,
      })({ policyHash, validAfter: 1_700_000_001, validUntil: 1_700_000_601 })
      const paymasterData: Hex = `${policyHash}00006553f10100006553f359${'77'.repeat(65)}`
      expect(
        await stack.client.readContract({
          address: paymaster,
          abi: parseAbi([
            'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
            'function sponsorshipHash(PackedUserOperation userOp) view returns (bytes32)',
          ]),
          functionName: 'sponsorshipHash',
          args: [toPackedUserOperation({ ...op, ...limits, paymaster, paymasterData })],
        }),
      ).toBe(digest)
    }
  })

  test('it gives a reservation back when the signature and its margin have passed', async () => {
    const service = await startService({ windowSeconds: 60, expiryMarginSeconds: 30 })
    const account = await newAccount(stack, entryPoint)
    await sponsored(service, entryPoint, newOperation(stack, account))
    expect((await usageOf(service)).reserved).toBeGreaterThan(0n)

    await stack.client.increaseTime({ seconds: 80 })
    await stack.client.mine({ blocks: 1 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await usageOf(service)).reserved).toBeGreaterThan(0n)

    await stack.client.increaseTime({ seconds: 12 })
    await stack.client.mine({ blocks: 1 })
    const usage = await usageWhen(service, ({ reserved }) => reserved === 0n)
    expect(usage).toMatchObject({ settled: 0n, free: usage.budget })
  })

  test('it gives a reservation back when the account paid for its nonce itself', async () => {
    const service = await startService()
    const account = await newAccount(stack, entryPoint)
    const op = newOperation(stack, account)
    await sponsored(service, entryPoint, op)
    expect((await usageOf(service)).reserved).toBeGreaterThan(0n)

    await stack.client.setBalance({ address: account.address, value: parseEther('1') })
    await include(entryPoint, await signed(account, entryPoint, op))
    const usage = await usageWhen(service, ({ reserved }) => reserved === 0n)
    expect(usage).toMatchObject({ settled: 0n, free: usage.budget })
  })

  test('a changed operation of the same nonce is charged within the larger reservation', async () => {
    const service = await startService()
    const account = await newAccount(stack, entryPoint)
    const dear = await sponsored(service, entryPoint, newOperation(stack, account))
    const again = await sponsored(service, entryPoint, newOperation(stack, account))
    expect(again.paymasterData).toBe(dear.paymasterData)
    const cheap = await sponsored(
      service,
      entryPoint,
      newOperation(stack, account, { maxFeePerGas: 2_000_000_000n }),
    )
    expect(cheap.paymasterData).not.toBe(dear.paymasterData)
    // Either signature may still be used.
    const usage = await usageOf(service)
    expect(usage.reserved).toBe(adapterOf(entryPoint).requiredPrefund(dear))
    expect(usage.operations).toBe(1)

    const { actualGasCost } = await include(entryPoint, await signed(account, entryPoint, dear))
    const settled = await usageWhen(service, ({ reserved }) => reserved === 0n)
    expect(settled.settled).toBe(actualGasCost)
  })

  test('it does not pay for foreign code with the same functions, not even behind a known factory', async () => {
    const service = await startService()
    const genuine = await newAccount(stack, entryPoint)
    const foreign = { ...genuine, address: '0x000000000000000000000000000000000f0e1647' } as const
    const refused = (op: UserOperation) =>
      expect(sponsored(service, entryPoint, op)).rejects.toThrow(/account\.unknown/)

    // Not deployed yet: whoever deploys it later would decide what it does.
    await refused(newOperation(stack, foreign))
    const { factory, factoryData, ...bare } = newOperation(stack, foreign)
    await refused(bare)
    await stack.client.setCode({ address: foreign.address, bytecode: '0x60006000f3' })
    await refused(newOperation(stack, foreign))
    await refused(bare)
    // The proxy of our accounts in front of other code.
    await include(
      entryPoint,
      await signed(
        genuine,
        entryPoint,
        await sponsored(service, entryPoint, newOperation(stack, genuine)),
      ),
    )
    const { factory: _, factoryData: __, ...next } = newOperation(stack, genuine, { nonce: 1n })
    await sponsored(service, entryPoint, next)
    await stack.client.setStorageAt({
      address: genuine.address,
      index: '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
      value: pad(foreign.address, { size: 32 }),
    })
    await refused({ ...next, nonce: 2n })
  })

  test('one operation and one sender cannot hold back the whole budget', async () => {
    const service = await startService()
    const account = await newAccount(stack, entryPoint)
    const ask = (overrides: Partial<UserOperation>) =>
      sponsored(service, entryPoint, newOperation(stack, account, overrides))
    await expect(ask({ preVerificationGas: 20_000_000n })).rejects.toThrow(/operation\.cap/)
    await expect(ask({ maxFeePerGas: 100_000_000_001n })).rejects.toThrow(/gas\.max-fee/)
    // 0.049 ETH each.
    const dear = { preVerificationGas: 15_500_000n }
    for (let nonce = 0n; nonce < 4n; nonce++) await ask({ ...dear, nonce })
    await expect(ask({ ...dear, nonce: 4n })).rejects.toThrow(/user\.cap/)
    expect((await usageOf(service)).free).toBeGreaterThan(parseEther('0.8'))
  })

  test('a field changed after signing is refused by the contract', async () => {
    const service = await startService()
    const account = await newAccount(stack, entryPoint)
    const paid = await sponsored(service, entryPoint, newOperation(stack, account))
    const raised = { ...paid, paymasterPostOpGasLimit: 190_000n }
    await expect(include(entryPoint, await signed(account, entryPoint, raised))).rejects.toThrow(
      /AA34/,
    )
  })
})

test('settlements of blocks that a reorganisation removed are undone', async () => {
  const service = await startService()
  const account = await newAccount(stack, entryPoint08Address)
  const paid = await sponsored(service, entryPoint08Address, newOperation(stack, account))
  const { reserved } = await usageOf(service)
  const snapshot = await stack.client.snapshot()
  await include(entryPoint08Address, await signed(account, entryPoint08Address, paid))
  await usageWhen(service, ({ settled }) => settled > 0n)

  await stack.client.revert({ id: snapshot })
  await stack.client.mine({ blocks: 2 })
  const usage = await usageWhen(service, ({ settled }) => settled === 0n)
  expect(usage.reserved).toBe(reserved)

  const { actualGasCost } = await include(
    entryPoint08Address,
    await signed(account, entryPoint08Address, paid),
  )
  const again = await usageWhen(service, ({ settled }) => settled > 0n)
  expect(again).toMatchObject({ settled: actualGasCost, reserved: 0n })
})

test('what the policy does not list is refused at stub time, with rule and numbers', async () => {
  const service = await startService()
  const account = await newAccount(stack, entryPoint08Address)
  const op = newOperation(stack, account, {
    callData: encodeCalls([{ target: stack.contracts.fab, data: `0xa9059cbb${'00'.repeat(64)}` }]),
  })
  const response = await fetch(`${service.url}/rpc?apikey=paymaster-system-test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'pm_getPaymasterStubData',
      params: [
        adapterOf(entryPoint08Address).toRpc(op),
        entryPoint08Address,
        `0x${foundry.id.toString(16)}`,
        {},
      ],
    }),
  })
  expect(await response.json()).toMatchObject({
    error: { code: -32010, data: { rule: 'calls.not-allowed', policyId: 'marketplace' } },
  })
})

test('the deposits of the paymasters pay for exactly what the ledger settled', async () => {
  const service = await startService()
  const { sponsorPaymaster } = deploymentOf(stack.contracts, entryPoint08Address)
  const deposit = () =>
    stack.client.readContract({
      address: sponsorPaymaster,
      abi: sponsorPaymasterAbi,
      functionName: 'getDeposit',
    })
  const before = await deposit()
  const account = await newAccount(stack, entryPoint08Address)
  for (let nonce = 0n; nonce < 3n; nonce++) {
    const { factory, factoryData, ...later } = newOperation(stack, account, { nonce })
    const op = nonce === 0n ? newOperation(stack, account) : later
    const paid = await sponsored(service, entryPoint08Address, op)
    await include(entryPoint08Address, await signed(account, entryPoint08Address, paid))
  }
  const usage = await usageWhen(service, ({ reserved }) => reserved === 0n)
  expect(before - (await deposit())).toBe(usage.settled)
})
