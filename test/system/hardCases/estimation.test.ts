import type { EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallParameters } from '../../../bundler/src/chain/reader.ts'
import type { Estimator } from '../../../bundler/src/estimation/estimateGas.ts'
import { createEstimator } from '../../../bundler/src/estimation/estimateGas.ts'
import { defaultEstimationLimits } from '../../../bundler/src/estimation/limits.ts'
import type { Validator } from '../../../bundler/src/validation/validate.ts'
import { deployedAccount, groundOf, judgesOf, unsignedGround } from '../../fixtures/estimating.ts'
import { expectTightLimits } from '../../fixtures/gasNeed.ts'
import { paymasterCode, writeSlots } from '../../fixtures/paymasterCode.ts'
import type { SimpleAccounts } from '../../fixtures/simpleAccounts.ts'
import {
  deploySimpleAccounts,
  execute,
  publishedArtifact,
  sign,
  unsigned,
} from '../../fixtures/simpleAccounts.ts'
import type { TestChain } from '../../fixtures/testChain.ts'
import { startTestChain } from '../../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts
let estimator: Estimator
let validator: Validator

const plain: Address = '0x00000000000000000000000000000000000000b1'
const withPostOp: Address = '0x00000000000000000000000000000000000000b2'

/** Accepts everything; `executeUserOp` reverts without a userOpHash, and writes slot 0. */
const executor: Address = '0x00000000000000000000000000000000000000e1'
const executorCode: Hex =
  '0x60003560e01c638dd7712f1460145760206000f35b602435156022576001600055005b60006000fd'

/** Calls itself down to a depth in its calldata, and writes a slot at the bottom. */
const recursive: Address = '0x00000000000000000000000000000000000000e2'
const recursiveCode: Hex =
  '0x60003580600e57600160005500005b6001900360005260006000602060006000305af1602a57600080fd5b00'

const adapters = entryPointAdapters.map((entryPoint) => ({
  version: entryPoint.version,
  entryPoint,
}))
const packed = adapters.filter(({ entryPoint }) => entryPoint.supports.paymasterGasLimits)
const delegating = adapters.filter(({ entryPoint }) => entryPoint.supports.eip7702)

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  ;({ estimator, validator } = judgesOf(chain))
  const codes = [
    [plain, paymasterCode()],
    [withPostOp, paymasterCode({ postOp: writeSlots(3) })],
    [executor, executorCode],
    [recursive, recursiveCode],
  ] as const
  for (const [address, bytecode] of codes) await chain.client.setCode({ address, bytecode })
  for (const entryPoint of entryPointAdapters)
    for (const paymaster of [plain, withPostOp])
      await chain.deposit(entryPoint, paymaster, parseEther('2'))
})

afterAll(async () => {
  await chain?.stop()
})

const deployed = (version: EntryPointVersion) => deployedAccount(chain, accounts, version)

test('v0.6 estimate: verificationGasLimit bounds postOp too, and an operation without slack is taken', async () => {
  const account = await deployed('0.6')
  const { entryPoint } = account
  const own = await estimator.estimate(unsigned(account, { paymaster: plain }), entryPoint)
  const op = unsigned(account, { paymaster: withPostOp })
  const limited = { ...op, ...(await estimator.estimate(op, entryPoint)) }
  // Three cold slots, for which validation alone has no use.
  expect(limited.verificationGasLimit).toBeGreaterThan(66_300n)
  expect(own.verificationGasLimit).toBeLessThan(66_300n)
  expect(entryPoint.requiredGas(limited)).toBe(
    limited.callGasLimit + 3n * limited.verificationGasLimit + limited.preVerificationGas,
  )
  await validator.validate(await sign(account, limited, chain.chainId), entryPoint)
  await expectTightLimits(groundOf(chain, account), limited)
})

test.each(packed)(
  'v0.7+ VGL/PVGL: on $version each limit follows its own entity',
  async ({ version, entryPoint }) => {
    const fresh = await accounts.counterfactual(version)
    const known = await deployed(version)
    const deploying = await estimator.estimate(
      unsigned(fresh, { deploy: true, paymaster: plain }),
      entryPoint,
    )
    const plainly = await estimator.estimate(unsigned(known, { paymaster: plain }), entryPoint)
    expect(deploying.verificationGasLimit).toBeGreaterThan(plainly.verificationGasLimit + 100_000n)
    const [many, few] = [deploying, plainly].map((one) => one.paymasterVerificationGasLimit ?? 0n)
    expect(Number(many)).toBeGreaterThan(Number(few) * 0.9)
    expect(Number(many)).toBeLessThan(Number(few) * 1.1)
  },
)

test('v0.7+ VGL/PVGL: a search goes on in another call when the gas of one runs out', async () => {
  const account = await accounts.counterfactual('0.8')
  const op = unsigned(account, { deploy: true, paymaster: withPostOp })
  const calls = { plenty: 0, little: 0 }
  const estimateWith = async (name: keyof typeof calls, gas: bigint) => {
    const { chainId } = chain
    const reader = {
      call(parameters: CallParameters) {
        calls[name] += 1
        return chain.reader.call({ ...parameters, gas })
      },
    }
    const gasPrice = () => Promise.reject(new Error('the operation has fees of its own'))
    return createEstimator({ reader, chainId, limits: defaultEstimationLimits, gasPrice }).estimate(
      op,
      account.entryPoint,
    )
  }
  const plenty = await estimateWith('plenty', 100_000_000n)
  // Not enough for all searches, whose largest limits are reserved for every attempt.
  const little = await estimateWith('little', 14_000_000n)
  expect(calls.little).toBeGreaterThan(calls.plenty)
  for (const [field, limit] of Object.entries(plenty)) {
    const found = little[field as keyof typeof little] ?? 0n
    expect({ field, near: found * 100n <= limit * 102n && limit * 100n <= found * 102n }).toEqual({
      field,
      near: true,
    })
  }
})

describe('callGas search', () => {
  test.each(adapters)('includes 63/64 on $version', async ({ version, entryPoint }) => {
    const account = await deployed(version)
    const data: Hex = `0x${'00'.repeat(31)}08`
    const op = unsigned(account, { callData: execute({ to: recursive, data }) })
    const limited = { ...op, ...(await estimator.estimate(op, entryPoint)) }
    await expectTightLimits(groundOf(chain, account), limited)
  })

  test.each(packed)('hands executeUserOp the operation on $version', async ({ entryPoint }) => {
    const op: UserOperation = {
      sender: executor,
      nonce: 0n,
      callData: '0x8dd7712f',
      callGasLimit: 0n,
      verificationGasLimit: 0n,
      preVerificationGas: 0n,
      maxFeePerGas: 3_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
      signature: '0x',
      paymaster: plain,
    }
    await chain.client.setStorageAt({ address: executor, index: 0, value: `0x${'00'.repeat(32)}` })
    const limited = { ...op, ...(await estimator.estimate(op, entryPoint)) }
    expect(limited.callGasLimit).toBeGreaterThan(22_100n)
    await expectTightLimits(unsignedGround(chain, { entryPoint }), limited)
  })

  test.each(adapters)('of no call data is 0 on $version', async ({ version, entryPoint }) => {
    const account = await deployed(version)
    const op = unsigned(account, { callData: '0x' })
    const limited = { ...op, ...(await estimator.estimate(op, entryPoint)) }
    expect(limited.callGasLimit).toBe(0n)
    await expectTightLimits(groundOf(chain, account), limited)
  })
})

describe('undeployed / 7702 sender', () => {
  test.each(adapters)(
    'the call of an account that does not exist is searched on $version',
    async ({ version, entryPoint }) => {
      const account = await accounts.counterfactual(version)
      const data: Hex = `0x${'00'.repeat(31)}02`
      const callData = execute({ to: recursive, data })
      const op = unsigned(account, { deploy: true, callData })
      const limited = { ...op, ...(await estimator.estimate(op, entryPoint)) }
      await expectTightLimits(groundOf(chain, account), limited)
    },
  )

  test.each(delegating)(
    'an EOA is estimated with the code of its delegate on $version',
    async ({ version, entryPoint }) => {
      const { abi, bytecode } = publishedArtifact(version, 'Simple7702Account')
      const args = version === '0.9' ? [entryPoint.address] : []
      const delegate = await chain.deploy({ abi, bytecode, args })
      const owner = privateKeyToAccount(generatePrivateKey())
      await chain.client.setBalance({ address: owner.address, value: parseEther('1') })
      const { chainId } = chain
      const eip7702Auth = await owner.signAuthorization({ address: delegate, chainId, nonce: 0 })
      const template = await accounts.counterfactual(version)
      const account = { ...template, address: owner.address, owner }
      const factory = '0x7702000000000000000000000000000000000000'
      const op = { ...unsigned(account), factory, eip7702Auth } as const
      const limited = { ...op, ...(await estimator.estimate(op, entryPoint)) }
      expect(limited.callGasLimit).toBeGreaterThan(9_000n)
      await expectTightLimits(groundOf(chain, account), limited)
    },
  )
})

test.each(packed)(
  'postOp gas limit: estimated, counted in the prefund, and kept when given on $version',
  async ({ version, entryPoint }) => {
    const account = await deployed(version)
    const op = unsigned(account, { paymaster: withPostOp })
    const estimate = await estimator.estimate(op, entryPoint)
    const limit = estimate.paymasterPostOpGasLimit ?? 0n
    expect(limit).toBeGreaterThan(10_000n)
    const limited = { ...op, ...estimate }
    const without = { ...limited, paymasterPostOpGasLimit: 0n }
    expect(entryPoint.requiredGas(limited) - entryPoint.requiredGas(without)).toBe(limit)
    const given = { ...op, paymasterPostOpGasLimit: 123_456n }
    expect((await estimator.estimate(given, entryPoint)).paymasterPostOpGasLimit).toBe(123_456n)
  },
)

test.each(adapters)(
  'PVG: an estimate with a dummy of zeros is enough for the real signature on $version',
  async ({ version, entryPoint }) => {
    const account = await accounts.counterfactual(version)
    // A signature of somebody, with as many zeros as there can be.
    const one = `${'00'.repeat(31)}01`
    const signature: Hex = `0x${one}${one}1b`
    // So many bytes that the EIP-7623 floor counts.
    for (const bytes of [0, 3_200]) {
      const callData = execute({ to: plain, data: `0x${'ff'.repeat(bytes)}` })
      const op = unsigned(account, { deploy: true, callData, signature })
      const limited = { ...op, ...(await estimator.estimate(op, entryPoint)) }
      const signed = await sign(account, limited, chain.chainId)
      await validator.validate(signed, entryPoint)
      const short = { ...limited, preVerificationGas: (limited.preVerificationGas * 9n) / 10n }
      await expect(
        validator.validate(await sign(account, short, chain.chainId), entryPoint),
      ).rejects.toMatchObject({ code: -32602, data: { rule: 'preVerificationGas' } })
    }
  },
)
