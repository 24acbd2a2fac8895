import type { UserOperation } from '@fabstir/erc4337'
import { type Address, concat, encodeFunctionData, erc20Abi, type Hex, parseEther } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EntityKind } from '../../bundler/src/validation/erc7562/scene.ts'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import {
  adapterOf,
  newAccount,
  newOperation,
  type Stack,
  startStack,
} from '../system/paymasterFixture.ts'
import { accountCode, callDeed, factoryCode, paymasterCode } from './entityCode.ts'
import { signed, transact } from './rulesFixture.ts'
import { traceValidation } from './traceValidation.ts'

const entryPoint = adapterOf(entryPoint08Address)
const account: Address = '0x00000000000000000000000000000000000000a7'
const paymaster: Address = '0x00000000000000000000000000000000000000a8'
const factory: Address = '0x00000000000000000000000000000000000000a9'
const nobody: Address = '0x000000000000000000000000000000000000dead'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
  await stack.client.setBalance({ address: account, value: parseEther('1') })
  const data = encodeFunctionData({
    abi: [
      {
        type: 'function',
        name: 'depositTo',
        inputs: [{ type: 'address' }],
        outputs: [],
        stateMutability: 'payable',
      },
    ],
    args: [paymaster],
  })
  await transact(stack, { to: entryPoint.address, data, value: parseEther('1') })
  await transact(stack, {
    to: entryPoint.address,
    data: data.replace(paymaster.slice(2), account.slice(2)) as Hex,
    value: parseEther('1'),
  })
})
afterAll(async () => {
  await stack.anvil.stop()
})

const balanceOf = (owner: Address) =>
  callDeed(stack.contracts.usdc, {
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [owner] }),
  })
const approve = (spender: Address) =>
  callDeed(stack.contracts.usdc, {
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, 1n] }),
  })

describe('the checker finds what an account must not do:', () => {
  test.each([
    { name: 'ORIGIN', deed: '0x3250', rule: 'OP-011' },
    { name: 'GASPRICE', deed: '0x3a50', rule: 'OP-011' },
    { name: 'BLOCKHASH', deed: '0x5f4050', rule: 'OP-011' },
    { name: 'COINBASE', deed: '0x4150', rule: 'OP-011' },
    { name: 'TIMESTAMP', deed: '0x4250', rule: 'OP-011' },
    { name: 'NUMBER', deed: '0x4350', rule: 'OP-011' },
    { name: 'PREVRANDAO', deed: '0x4450', rule: 'OP-011' },
    { name: 'GASLIMIT', deed: '0x4550', rule: 'OP-011' },
    { name: 'BASEFEE', deed: '0x4850', rule: 'OP-011' },
    { name: 'BLOBHASH', deed: '0x5f4950', rule: 'OP-011' },
    { name: 'BLOBBASEFEE', deed: '0x4a50', rule: 'OP-011' },
    { name: 'CREATE', deed: '0x5f5f5ff050', rule: 'OP-011' },
    { name: 'INVALID', deed: '0xfe', rule: 'OP-011' },
    { name: 'SELFDESTRUCT', deed: '0x5fff', rule: 'OP-011' },
    { name: 'GAS without a call', deed: '0x5a50', rule: 'OP-012' },
    { name: 'an opcode that does not exist', deed: '0x0c', rule: 'OP-013' },
    { name: 'CREATE2', deed: '0x5f5f5f5ff550', rule: 'OP-031' },
    { name: 'BALANCE', deed: '0x303150', rule: 'OP-080' },
    { name: 'SELFBALANCE', deed: '0x4750', rule: 'OP-080' },
    { name: 'EXTCODESIZE of nobody', deed: concat(['0x73', nobody, '0x3b50']), rule: 'OP-041' },
    { name: 'EXTCODEHASH of nobody', deed: concat(['0x73', nobody, '0x3f50']), rule: 'OP-041' },
    { name: 'a call of nobody', deed: callDeed(nobody), rule: 'OP-041' },
    {
      name: 'a question to the EntryPoint',
      deed: callDeed(entryPoint08Address, { data: '0x70a08231' }),
      rule: 'OP-054',
    },
  ] as const)('$name', async ({ deed, rule }) => {
    await expectFound(await asAccount(deed), 'account', rule)
  })

  test('ether for somebody', async () => {
    const deed = callDeed(stack.contracts.usdc, { value: 1n })
    await expectFound(await asAccount(deed), 'account', 'OP-061')
  })

  test('a call that runs out of gas', async () => {
    const deed = callDeed(stack.contracts.usdc, { gas: 20 })
    await expectFound(await asAccount(deed), 'account', 'OP-020')
  })

  test("another account's balance", async () => {
    await expectFound(await asAccount(balanceOf(nobody)), 'account', 'STO-033')
  })

  test('a banned opcode of a contract that it calls', async () => {
    const clock: Address = '0x00000000000000000000000000000000000000aa'
    await stack.client.setCode({ address: clock, bytecode: '0x4200' })
    await expectFound(await asAccount(callDeed(clock)), 'account', 'OP-011')
  })

  test("the paymaster's storage", async () => {
    await stack.client.setCode({ address: paymaster, bytecode: paymasterCode('0x5f5450') })
    await expectFound(
      await asAccount(callDeed(paymaster), { sponsored: true }),
      'account',
      'STO-033',
    )
  })
})

describe('the checker lets pass', () => {
  test.each([
    { name: 'storage of its own', deed: () => '0x60015f555f5450' as const },
    { name: 'transient storage of its own', deed: () => '0x60015f5d5f5c50' as const },
    { name: 'its own balance of a token', deed: () => balanceOf(account) },
    { name: 'an allowance of its own', deed: () => approve(account) },
    { name: 'a precompile', deed: () => callDeed('0x0000000000000000000000000000000000000001') },
  ])('$name', async ({ deed }) => {
    const { violations, entities } = await asAccount(deed())
    expect(violations).toEqual([])
    expect(entities).toEqual(new Set(['account']))
  })
})

describe('of a paymaster, the checker tells apart by its stake', () => {
  test.each([
    { name: 'its own storage', deed: () => '0x5f5450' as const, rule: 'STO-031' },
    { name: 'its own transient storage', deed: () => '0x5f5f5d' as const, rule: 'STO-031' },
    { name: 'its own balance of a token', deed: () => balanceOf(paymaster), rule: 'STO-032' },
    { name: "anybody's balance of a token", deed: () => balanceOf(nobody), rule: 'STO-033' },
    { name: 'its own balance of ether', deed: () => '0x4750' as const, rule: 'OP-080' },
  ])('$name', async ({ deed, rule }) => {
    await expectFound(await asPaymaster(deed()), 'paymaster', rule)
    expect((await asPaymaster(deed(), ['paymaster'])).violations).toEqual([])
  })

  test.each([
    { name: 'the time', deed: () => '0x4250' as const, rule: 'OP-011' },
    {
      // keccak256(spender ‖ keccak256(owner ‖ slot)): not the paymaster's.
      name: 'writing what is not its own',
      deed: () => approve(nobody),
      rule: 'STO-033',
    },
  ])('and forbids with a stake too: $name', async ({ deed, rule }) => {
    await expectFound(await asPaymaster(deed(), ['paymaster']), 'paymaster', rule)
  })
})

describe('of a factory, the checker finds', () => {
  test.each([
    { name: 'the time', deed: '0x4250', rule: 'OP-011' },
    { name: 'its own storage', deed: '0x5f5450', rule: 'STO-031' },
    { name: 'CREATE2 beside that of the sender', deed: '0x5f5f5f5ff550', rule: 'OP-031' },
  ] as const)('$name', async ({ deed, rule }) => {
    await expectFound(await asFactory(deed), 'factory', rule)
  })

  test('nothing in one that only deploys', async () => {
    expect((await asFactory('0x')).violations).toEqual([])
  })
})

async function expectFound(
  { violations }: Awaited<ReturnType<typeof run>>,
  entity: EntityKind,
  rule: string,
) {
  expect(violations).toContainEqual(expect.objectContaining({ entity, rule }))
}

async function asAccount(deed: Hex, { sponsored = false } = {}) {
  await stack.client.setCode({ address: account, bytecode: accountCode(deed) })
  return run(operationOf(account, sponsored))
}

async function asPaymaster(deed: Hex, staked: readonly EntityKind[] = []) {
  await stack.client.setCode({ address: account, bytecode: accountCode('0x') })
  await stack.client.setCode({ address: paymaster, bytecode: paymasterCode(deed) })
  return run(operationOf(account, true), staked)
}

async function asFactory(deed: Hex) {
  const fresh = await newAccount(stack, entryPoint.address)
  await stack.client.setBalance({ address: fresh.address, value: parseEther('1') })
  await stack.client.setCode({ address: factory, bytecode: factoryCode(deed, fresh.factory) })
  const op = { ...newOperation(stack, fresh), factory }
  return run(await signed(stack, entryPoint, op, fresh.owner))
}

function operationOf(sender: Address, sponsored: boolean): UserOperation {
  return {
    sender,
    nonce: 0n,
    callData: '0x',
    callGasLimit: 50_000n,
    verificationGasLimit: 300_000n,
    preVerificationGas: 50_000n,
    maxFeePerGas: 3_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    signature: '0x',
    ...(sponsored
      ? {
          paymaster,
          paymasterVerificationGasLimit: 200_000n,
          paymasterPostOpGasLimit: 0n,
          paymasterData: '0x' as const,
        }
      : {}),
  }
}

function run(op: UserOperation, staked: readonly EntityKind[] = []) {
  const bundler = devnetAccounts.executors[0].address
  return traceValidation({ rpcUrl: stack.anvil.url, bundler }, entryPoint, op, staked)
}
