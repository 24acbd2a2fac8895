import type { EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, numberToHex, parseEther, size } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallParameters } from '../../bundler/src/chain/reader.ts'
import type { Estimator } from '../../bundler/src/estimation/estimateGas.ts'
import { createEstimator } from '../../bundler/src/estimation/estimateGas.ts'
import { defaultEstimationLimits } from '../../bundler/src/estimation/limits.ts'
import { createFeeOracle } from '../../bundler/src/fees/feeOracle.ts'
import { paymasterCode, revertWithDeadbeef, writeSlots } from '../fixtures/paymasterCode.ts'
import type { SimpleAccounts } from '../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, execute, sign, unsigned } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts
let estimator: Estimator
let calls = 0

const paymasters = {
  plain: { address: '0x00000000000000000000000000000000000000b1', code: paymasterCode() },
  withPostOp: {
    address: '0x00000000000000000000000000000000000000b2',
    code: paymasterCode({ postOp: writeSlots(3) }),
  },
  postOpReverts: {
    address: '0x00000000000000000000000000000000000000b3',
    code: paymasterCode({ postOp: revertWithDeadbeef }),
  },
  postOpRevertsWithoutData: {
    address: '0x00000000000000000000000000000000000000b4',
    // revert(0, 0)
    code: paymasterCode({ postOp: '0x60006000fd' }),
  },
} as const satisfies Record<string, { address: Address; code: Hex }>

/** Burns 1.3 million gas, and then writes slot 0. */
const worker: Address = '0x00000000000000000000000000000000000000d1'
const workerCode = '0x6200c3505b6001900380600457600160005500'
/** Calls the worker, and does not care whether it fails. */
const forwarder: Address = '0x00000000000000000000000000000000000000d2'
const forwarderCode = concat(['0x6000600060006000600073', worker, '0x5af15000'])

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  for (const { address, code } of Object.values(paymasters)) {
    await chain.client.setCode({ address, bytecode: code })
    for (const entryPoint of entryPointAdapters)
      await chain.deposit(entryPoint, address, parseEther('1'))
  }
  await chain.client.setCode({ address: worker, bytecode: workerCode })
  await chain.client.setCode({ address: forwarder, bytecode: forwarderCode })
  const { chainId } = chain
  const reader = {
    ...chain.reader,
    call(parameters: CallParameters) {
      calls++
      return chain.reader.call(parameters)
    },
  }
  const { gasPrice } = createFeeOracle({ reader })
  estimator = createEstimator({ reader, chainId, limits: defaultEstimationLimits, gasPrice })
})

afterAll(async () => {
  await chain?.stop()
})

/** An operation of an account that does not exist yet. */
async function operation(
  version: EntryPointVersion,
  fields: Partial<UserOperation> = {},
  balance?: bigint,
) {
  const account = await accounts.counterfactual(version, balance)
  return { account, op: unsigned(account, { deploy: true, ...fields }) }
}

const versions = entryPointAdapters.map((entryPoint) => ({
  version: entryPoint.version,
  entryPoint,
}))

describe.each(versions)('an estimate on EntryPoint $version', ({ version, entryPoint }) => {
  test.each([
    { payer: 'the account', paymaster: undefined, most: 3 },
    { payer: 'a paymaster', paymaster: paymasters.plain, most: 3 },
    { payer: 'a paymaster with postOp', paymaster: paymasters.withPostOp, most: 3 },
  ])('that $payer pays takes at most $most eth_calls', async ({ paymaster, most }) => {
    const { op } = await operation(version, paymaster ? { paymaster: paymaster.address } : {})
    calls = 0
    await estimator.estimate(op, entryPoint)
    expect(calls).toBeGreaterThan(0)
    expect(calls).toBeLessThanOrEqual(most)
  })

  test('gives an ignored inner call the gas that it needs', async () => {
    const { account, op } = await operation(version, { callData: execute({ to: forwarder }) })
    await chain.client.setStorageAt({
      address: worker,
      index: 0,
      value: numberToHex(0, { size: 32 }),
    })
    const estimate = await estimator.estimate(op, entryPoint)
    const signed = await sign(account, { ...op, ...estimate }, chain.chainId)
    await chain.send({
      to: entryPoint.address,
      data: entryPoint.encodeHandleOps([signed], chain.bundler),
      gas: 15_000_000n,
    })
    const written = await chain.client.getStorageAt({ address: worker, slot: '0x0' })
    expect(BigInt(written ?? 0)).toBe(1n)
  })

  test('finds that an account cannot send what it does not have', async () => {
    const callData = execute({ to: chain.bundler, value: parseEther('0.02') })
    const { op } = await operation(version, { callData }, parseEther('0.019'))
    await expect(estimator.estimate(op, entryPoint)).rejects.toMatchObject({ code: -32521 })
    const rich = await operation(version, { callData }, parseEther('0.02'))
    expect((await estimator.estimate(rich.op, entryPoint)).callGasLimit).toBeGreaterThan(9_000n)
  })

  test('of a postOp that reverts names the paymaster and its revert data', async () => {
    const { op } = await operation(version, { paymaster: paymasters.postOpReverts.address })
    const rejected = estimator.estimate(op, entryPoint)
    await expect(rejected).rejects.toMatchObject({
      code: -32501,
      data: { aaCode: 'AA50', entity: 'paymaster' },
    })
    // 0.6 gives no revert data of entities.
    if (!entryPoint.supports.paymasterGasLimits) return
    await expect(rejected).rejects.toMatchObject({
      data: { revertData: `0xdeadbeef${'00'.repeat(28)}` },
    })
  })

  test('of a postOp that reverts without data names the paymaster, although 0.6 halts on it', async () => {
    const { op } = await operation(version, {
      paymaster: paymasters.postOpRevertsWithoutData.address,
    })
    await expect(estimator.estimate(op, entryPoint)).rejects.toMatchObject({
      code: -32501,
      data: { aaCode: 'AA50', entity: 'paymaster' },
    })
  })

  test.each([
    { name: 'a fee above 120 bits', fields: { maxFeePerGas: 1n << 120n }, rule: 'gasValues' },
    {
      name: 'factoryData without factory',
      fields: { factoryData: '0x01' },
      rule: 'factoryData',
    },
    {
      name: 'paymasterData without paymaster',
      fields: { paymasterData: '0x01' },
      rule: 'paymaster',
    },
    {
      name: 'the EIP-7702 marker without authorization',
      fields: { factory: '0x7702000000000000000000000000000000000000' },
      rule: 'eip7702Auth',
    },
  ] as const)('refuses $name', async ({ fields, rule }) => {
    const { account } = await operation(version)
    await expect(
      estimator.estimate({ ...unsigned(account), ...fields }, entryPoint),
    ).rejects.toMatchObject({ code: -32602, data: { rule } })
  })

  test('takes an EIP-7702 authorization only where the EntryPoint does', async () => {
    const { op } = await operation(version)
    const zeros = `0x${'00'.repeat(32)}` as const
    const eip7702Auth = {
      address: worker,
      chainId: chain.chainId,
      nonce: 0,
      r: zeros,
      s: zeros,
      yParity: 0,
    }
    const error = await estimator.estimate({ ...op, eip7702Auth }, entryPoint).catch((e) => e)
    // The worker is no account, so even where delegation is known its validation fails.
    expect(error).toMatchObject({ code: entryPoint.supports.eip7702 ? -32500 : -32602 })
  })

  test('survives the largest balance that a caller can pretend', async () => {
    const { op } = await operation(version)
    const balance: Hex = `0x${'ff'.repeat(32)}`
    expect(size(balance)).toBe(32)
    const estimate = await estimator.estimate(op, entryPoint, { [op.sender]: { balance } })
    expect(estimate.callGasLimit).toBeGreaterThan(0n)
  })
})
