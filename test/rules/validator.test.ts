import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters, getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, encodeFunctionData, pad, parseAbi, parseEther, zeroHash } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHttpChainReader } from '../../bundler/src/chain/httpChainReader.ts'
import { stateProbe } from '../../bundler/src/chain/stateProbe.ts'
import type {
  ValidationDependencies,
  ValidationRecord,
} from '../../bundler/src/types/validationRecord.ts'
import { defaultValidationLimits } from '../../bundler/src/validation/limits.ts'
import { changeSince, stateBehind } from '../../bundler/src/validation/record/changes.ts'
import { createCodeCache } from '../../bundler/src/validation/record/codeCache.ts'
import { createJsTraceSource } from '../../bundler/src/validation/trace/js/jsTraceSource.ts'
import { createValidator, type Validator } from '../../bundler/src/validation/validate.ts'
import { startTestChain, type TestChain } from '../fixtures/testChain.ts'
import {
  accountCode,
  callDeed,
  ownSlotDeed,
  paymasterCode,
  reachDeed,
  returnWords,
  slotCode,
} from './entityCode.ts'
import { anvilSources, type OpenedSource } from './traceSources.ts'

const account: Address = '0x0000000000000000000000000000000000ad0001'
const paymaster: Address = '0x0000000000000000000000000000000000ad0002'
const library: Address = '0x0000000000000000000000000000000000ad0003'
const delegated: Address = '0x0000000000000000000000000000000000ad0004'
const minStake = parseEther('0.5')
const abi = parseAbi([
  'function addStake(uint32 unstakeDelaySec) payable',
  'function unlockStake()',
  'function depositTo(address account) payable',
])
/** A context of one word, and validation data 0. */
const withContext = returnWords([64n, 0n, 32n, 7n])

let chain: TestChain
let clean: Hex
beforeAll(async () => {
  chain = await startTestChain()
  for (const { address } of entryPointAdapters) {
    for (const owner of [account, paymaster]) {
      const data = encodeFunctionData({ abi, functionName: 'depositTo', args: [owner] })
      await chain.send({ to: address, data, value: parseEther('1') })
    }
  }
  await chain.client.setCode({ address: account, bytecode: accountCode('0x') })
  await chain.client.setCode({ address: paymaster, bytecode: paymasterCode('0x') })
  await chain.client.setCode({ address: library, bytecode: slotCode('read') })
  clean = await chain.client.snapshot()
})
beforeEach(async () => {
  await chain.client.revert({ id: clean })
  clean = await chain.client.snapshot()
})
afterAll(() => chain.stop())

const operation = (entryPoint: EntryPointAdapter, sponsored: boolean): UserOperation => ({
  sender: account,
  nonce: 0n,
  callData: '0x',
  callGasLimit: 50_000n,
  verificationGasLimit: 400_000n,
  preVerificationGas: 100_000n,
  maxFeePerGas: 3_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
  signature: '0x',
  ...(sponsored && {
    paymaster,
    paymasterData: '0x',
    ...(entryPoint.supports.paymasterGasLimits && {
      paymasterVerificationGasLimit: 300_000n,
      paymasterPostOpGasLimit: 50_000n,
    }),
  }),
})

/** In a block of its own: state that changes within a block is no state of a chain. */
async function setCode(address: Address, bytecode: Hex) {
  await chain.client.setCode({ address, bytecode })
  await chain.client.mine({ blocks: 1 })
}
const setAccount = (deed: Hex) => setCode(account, accountCode(deed))

/** The entity itself calls the EntryPoint. */
async function asEntity(from: Address, entryPoint: EntryPointAdapter, data: Hex, value = 0n) {
  await chain.client.setBalance({ address: from, value: parseEther('10') })
  await chain.client.impersonateAccount({ address: from })
  const hash = await chain.client.sendTransaction({
    ...{ account: from, chain: null, to: entryPoint.address, data, value, gas: 500_000n },
  })
  const { status } = await chain.client.waitForTransactionReceipt({ hash })
  expect(status).toBe('success')
}
const addStake = (from: Address, entryPoint: EntryPointAdapter, value: bigint, delay: number) =>
  asEntity(
    from,
    entryPoint,
    encodeFunctionData({ abi, functionName: 'addStake', args: [delay] }),
    value,
  )

const entryPoint = getEntryPointAdapter(entryPoint08Address) as EntryPointAdapter
const op = operation(entryPoint, true)

describe.each(anvilSources)('the validator on traces of $name', ({ open }) => {
  let opened: OpenedSource
  let validator: Validator
  afterAll(() => opened.close())
  beforeAll(async () => {
    opened = await open(chain.rpcUrl)
    validator = createValidator({
      reader: chain.reader,
      chainId: chain.chainId,
      limits: defaultValidationLimits,
      gasPrice: async () => ({ baseFee: 1_000_000_000n }),
      now: Date.now,
      tracing: {
        source: opened.source,
        stakePolicy: { minStake, minUnstakeDelay: 86_400n },
        cache: createCodeCache(false),
        turns: (work) => work(),
      },
    })
  })

  describe.each(entryPointAdapters)('EntryPoint $version', (entryPoint) => {
    const validate = (sponsored = false) =>
      validator.validate(operation(entryPoint, sponsored), entryPoint)

    test('accepts what keeps the rules, and keeps what it depended on', async () => {
      await setAccount(ownSlotDeed('read'))
      const { record, paymasterDeposit } = await validate(true)
      expect(paymasterDeposit).toBe(parseEther('1'))
      expect(record?.reads).toEqual([{ address: account, slots: [zeroHash] }])
      expect(record?.writes).toEqual([])
      const { slots, codes } = dependenciesOf(record)
      expect(slots).toContainEqual({ address: account, slot: zeroHash, value: zeroHash })
      expect(codes.map(({ address }) => address)).toEqual([account, paymaster])
    })

    test('names rule, entity and opcode of what does not', async () => {
      await setAccount('0x4250')
      await expect(validate()).rejects.toMatchObject({
        code: -32502,
        message: 'account uses banned opcode: TIMESTAMP [OP-011]',
        data: { rule: 'OP-011', entity: 'account', address: account, opcode: 'TIMESTAMP' },
      })
    })

    test('a paymaster without a stake may not use its storage', async () => {
      await setCode(paymaster, paymasterCode(ownSlotDeed('write')))
      await expect(validate(true)).rejects.toMatchObject({
        code: -32502,
        data: { rule: 'STO-031', paymaster, minimumStake: `${minStake}`, stake: '0' },
      })
    })

    test.each([
      { name: 'too little', stake: minStake - 1n, delay: 86_400 },
      { name: 'too short', stake: minStake, delay: 86_399 },
    ])('a stake that is $name is named with the numbers', async ({ stake, delay }) => {
      await setCode(paymaster, paymasterCode('0x4750'))
      await addStake(paymaster, entryPoint, stake, delay)
      await expect(validate(true)).rejects.toMatchObject({
        code: -32505,
        data: {
          rule: 'OP-080',
          ...{ stake: `${stake}`, unstakeDelaySec: `${delay}`, minimumUnstakeDelay: '86400' },
        },
      })
    })

    test('a stake that is enough counts, until it is unlocked', async () => {
      await setCode(paymaster, paymasterCode(ownSlotDeed('write')))
      await addStake(paymaster, entryPoint, minStake, 86_400)
      const { record, entities } = await validate(true)
      expect(record?.staked).toEqual(['paymaster'])
      expect(entities.paymaster?.stake).toBe(minStake)

      await asEntity(
        paymaster,
        entryPoint,
        encodeFunctionData({ abi, functionName: 'unlockStake' }),
      )
      await expect(validate(true)).rejects.toMatchObject({ code: -32502, data: { stake: '0' } })
      expect(await changeOf(record)).toMatchObject({ kind: 'slot' })
    })

    test('a context needs a stake', async () => {
      await setCode(paymaster, withContext)
      await expect(validate(true)).rejects.toMatchObject({
        code: -32502,
        data: { rule: 'EREP-050', paymaster },
      })
      await addStake(paymaster, entryPoint, minStake, 86_400)
      await expect(validate(true)).resolves.toMatchObject({
        record: { dependencies: { contextSize: 32 } },
      })
    })

    test('an aggregator is refused', async () => {
      const aggregated = returnWords([BigInt(library)])
      await setCode(account, aggregated)
      await expect(validate()).rejects.toMatchObject({ code: -32506 })
    })
  })

  const delegation = concat(['0xef0100', library])

  test.each([
    { rule: 'AUTH-030', deed: reachDeed('0xf1', delegated) },
    { rule: 'AUTH-030', deed: reachDeed('0x3f', delegated) },
  ])('[$rule] another EIP-7702 account may not be touched', async ({ rule, deed }) => {
    await setCode(library, '0x00')
    await setCode(delegated, delegation)
    await setAccount(deed)
    await expect(validator.validate(op, entryPoint)).rejects.toMatchObject({
      code: -32502,
      data: { rule, touched: delegated },
    })
  })

  test('[AUTH-020] an EIP-7702 account may not be a paymaster', async () => {
    await setCode(library, paymasterCode('0x'))
    await setCode(paymaster, delegation)
    await expect(validator.validate(op, entryPoint)).rejects.toMatchObject({
      data: { rule: 'AUTH-020', entity: 'paymaster' },
    })
  })

  describe('the second validation', () => {
    const accepted = async () => {
      await setAccount(callDeed(library, { data: pad(account, { size: 32 }) }))
      const { record } = await validator.validate(op, entryPoint)
      return record
    }

    test('can be left out while nothing has changed', async () => {
      expect(await changeOf(await accepted())).toBeUndefined()
    })

    test('is due after a read whose slot was written before, in a call that reverted', async () => {
      // SSTORE by a call of its own that reverts, then SLOAD: what it finds is the chain's.
      const writeAndRevert = concat([ownSlotDeed('write'), '0x5f5ffd'])
      await setCode(library, writeAndRevert)
      await setAccount(concat([reachDeed('0xf4', library), ownSlotDeed('read')]))
      const { record } = await validator.validate(op, entryPoint)
      expect(await changeOf(record)).toBeUndefined()
      const value = pad('0x02', { size: 32 })
      await chain.client.setStorageAt({ address: account, index: zeroHash, value })
      expect(await changeOf(record)).toMatchObject({ kind: 'slot', address: account })
    })

    test('is due when a slot that was read has another value', async () => {
      const record = await accepted()
      const [slot, value] = [pad(account, { size: 32 }), pad('0x01', { size: 32 })]
      await chain.client.setStorageAt({ address: library, index: slot, value })
      await chain.client.mine({ blocks: 1 })
      expect(await changeOf(record)).toEqual({ kind: 'slot', address: library, slot })
    })

    test('is due when the deposit of a sender that pays has changed, not that of a paymaster', async () => {
      const sponsored = await accepted()
      const { record: paying } = await validator.validate(operation(entryPoint, false), entryPoint)
      await chain.deposit(entryPoint, paymaster, 1n)
      expect(await changeOf(sponsored)).toBeUndefined()
      expect(await changeOf(paying)).toBeUndefined()
      await chain.deposit(entryPoint, account, 1n)
      expect(await changeOf(sponsored)).toBeUndefined()
      expect(await changeOf(paying)).toMatchObject({ kind: 'slot' })
    })

    test('[COD-010] refuses an operation whose code has changed, though it keeps the rules', async () => {
      const record = await accepted()
      await setCode(library, concat([slotCode('read'), '0x00']))
      expect(await changeOf(record)).toEqual({ kind: 'code', address: library })
      await expect(validator.validate(op, entryPoint)).resolves.toBeDefined()
      await expect(validator.revalidate(op, entryPoint, record)).rejects.toMatchObject({
        code: -32502,
        data: { rule: 'COD-010', address: library },
      })
    })

    test('is due when a balance was read, or when a payment cannot be made any more', async () => {
      await setAccount(callDeed(entryPoint.address, { value: 5n }))
      await chain.client.setBalance({ address: account, value: 5n })
      await chain.client.mine({ blocks: 1 })
      const { record } = await validator.validate(op, entryPoint)
      expect(await changeOf(record)).toBeUndefined()
      await chain.client.setBalance({ address: account, value: 4n })
      expect(await changeOf(record)).toEqual({ kind: 'payment', address: account })
      expect(
        changeSince({ ...dependenciesOf(record), readsBalances: true }, await stateOf(record)),
      ).toEqual({
        kind: 'balance',
      })
    })
  })
})

test('a node that traces sees one message for each operation, once the contracts are known', async () => {
  const bodies: string[] = []
  const reader = createHttpChainReader({
    url: chain.rpcUrl,
    timeoutMs: 10_000,
    fetch: (url, init) => {
      bodies.push(String(init?.body))
      return fetch(url, init)
    },
  })
  const counted = createValidator({
    reader,
    chainId: chain.chainId,
    limits: defaultValidationLimits,
    gasPrice: async () => ({ baseFee: 1_000_000_000n }),
    now: Date.now,
    tracing: {
      source: createJsTraceSource(reader),
      stakePolicy: { minStake, minUnstakeDelay: 86_400n },
      cache: createCodeCache(true),
      turns: (work) => work(),
    },
  })
  await setAccount(callDeed(library, { data: pad(account, { size: 32 }) }))
  // Account and paymaster are asked for with the trace, the library behind it.
  await counted.validate(op, entryPoint)
  expect(bodies.length).toBe(2)
  await counted.validate(op, entryPoint)
  expect(bodies.length).toBe(3)
})

function dependenciesOf(record: ValidationRecord | undefined): ValidationDependencies {
  if (!record?.dependencies) throw new Error('the validation was not recorded')
  return record.dependencies
}

async function stateOf(record: ValidationRecord | undefined) {
  const { calls, decode } = stateProbe({ ...stateBehind([dependenciesOf(record)]), nonces: [] })
  return decode(await Promise.all(calls.map((call) => chain.reader.call(call))))
}

async function changeOf(record: ValidationRecord | undefined) {
  return changeSince(record?.dependencies, await stateOf(record))
}
