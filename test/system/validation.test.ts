import type { EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { parseEther, parseEventLogs } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Estimator } from '../../bundler/src/estimation/estimateGas.ts'
import { createEstimator } from '../../bundler/src/estimation/estimateGas.ts'
import { defaultEstimationLimits } from '../../bundler/src/estimation/limits.ts'
import { createFeeOracle } from '../../bundler/src/fees/feeOracle.ts'
import { defaultValidationLimits } from '../../bundler/src/validation/limits.ts'
import type { Validator } from '../../bundler/src/validation/validate.ts'
import { createValidator } from '../../bundler/src/validation/validate.ts'
import { paymasterCode, revertWithDeadbeef, writeSlots } from '../fixtures/paymasterCode.ts'
import type { SimpleAccounts, TestAccount } from '../fixtures/simpleAccounts.ts'
import {
  deploySimpleAccounts,
  execute,
  publishedArtifact,
  sign,
  unsigned,
} from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts
let estimator: Estimator
let validator: Validator

const paymasters = {
  plain: '0x00000000000000000000000000000000000000b1',
  withPostOp: '0x00000000000000000000000000000000000000b2',
  withoutDeposit: '0x00000000000000000000000000000000000000b3',
  rejecting: '0x00000000000000000000000000000000000000b4',
  wrongSignature: '0x00000000000000000000000000000000000000b5',
  expiresAt3600: '0x00000000000000000000000000000000000000b6',
  endsAtBlock2: '0x00000000000000000000000000000000000000b7',
} as const satisfies Record<string, Address>

const blockFlag = 1n << 47n
const paymasterCodes: Record<keyof typeof paymasters, Hex> = {
  plain: paymasterCode(),
  withPostOp: paymasterCode({ postOp: writeSlots(3) }),
  withoutDeposit: paymasterCode(),
  rejecting: revertWithDeadbeef,
  wrongSignature: paymasterCode({ validationData: 1n }),
  expiresAt3600: paymasterCode({ validationData: 3600n << 160n }),
  endsAtBlock2: paymasterCode({
    validationData: ((blockFlag | 2n) << 160n) | ((blockFlag | 1n) << 208n),
  }),
}

/** Counts down from 50,000 at 26 gas a turn. */
const burnGasCode = '0x6200c3505b600190038060045700'
const burnedGas = 50_000n * 26n

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  for (const name of Object.keys(paymasters) as (keyof typeof paymasters)[]) {
    const address = paymasters[name]
    await chain.client.setCode({ address, bytecode: paymasterCodes[name] })
    if (name === 'withoutDeposit') continue
    for (const entryPoint of entryPointAdapters)
      await chain.deposit(entryPoint, address, parseEther('1'))
  }
  const { reader, chainId } = chain
  const { gasPrice } = createFeeOracle({ reader })
  estimator = createEstimator({ reader, chainId, limits: defaultEstimationLimits, gasPrice })
  validator = createValidator({
    reader,
    chainId,
    limits: defaultValidationLimits,
    gasPrice,
    now: Date.now,
  })
})

afterAll(async () => {
  await chain?.stop()
})

/** Estimates `op` with its dummy signature and signs it with the limits it got. */
async function estimated(account: TestAccount, op: UserOperation): Promise<UserOperation> {
  const estimate = await estimator.estimate(op, account.entryPoint)
  return sign(account, { ...op, ...estimate }, chain.chainId)
}

/** Sends the bundle and returns what its EntryPoint reported about each operation. */
async function include(account: TestAccount, ops: readonly UserOperation[]) {
  const { entryPoint } = account
  const receipt = await chain.send({
    to: entryPoint.address,
    data: entryPoint.encodeHandleOps(ops, chain.bundler),
    gas: 15_000_000n,
  })
  const events = parseEventLogs({
    abi: entryPoint.abi,
    logs: receipt.logs,
    eventName: 'UserOperationEvent',
  }) as unknown as { args: { userOpHash: Hex; success: boolean; actualGasUsed: bigint } }[]
  return { receipt, events: events.map(({ args }) => args) }
}

const versions = entryPointAdapters.map(({ version }) => ({ version }))

describe.each(versions)('EntryPoint $version', ({ version }) => {
  const { supports } = entryPointAdapters.find((adapter) => adapter.version === version) ?? {
    supports: undefined,
  }
  const paymasterLimits = supports?.paymasterGasLimits
    ? { paymasterVerificationGasLimit: 60_000n, paymasterPostOpGasLimit: 20_000n }
    : {}

  test.each([
    { name: 'pays for itself', paymaster: undefined },
    { name: 'is sponsored', paymaster: paymasters.plain },
    { name: 'is sponsored with postOp', paymaster: paymasters.withPostOp },
  ])(
    'an account that $name: its estimates are accepted and executed, deployed or not',
    async ({ paymaster }) => {
      const account = await accounts.counterfactual(version, paymaster ? 10n : parseEther('1'))
      const fields = paymaster ? { paymaster, paymasterData: '0x1234' as const } : {}
      for (const [nonce, deploy] of [
        [0n, true],
        [1n, false],
      ] as const) {
        const op = await estimated(account, unsigned(account, { ...fields, nonce, deploy }))
        const { preOpGas, prefund } = await validator.validate(op, account.entryPoint)
        expect(prefund).toBe(account.entryPoint.requiredPrefund(op))

        const verificationGas = preOpGas - op.preVerificationGas
        const limit = op.verificationGasLimit + (op.paymasterVerificationGasLimit ?? 0n)
        expect(limit).toBeGreaterThanOrEqual(verificationGas)
        expect(limit).toBeLessThanOrEqual((verificationGas * 110n) / 100n)

        const { receipt, events } = await include(account, [op])
        expect(events).toHaveLength(1)
        expect(events[0]).toMatchObject({
          userOpHash: account.entryPoint.hash(op, chain.chainId),
          success: true,
        })
        const charged = events[0]?.actualGasUsed ?? 0n
        expect(charged).toBeGreaterThanOrEqual(receipt.gasUsed)
        expect(charged).toBeLessThanOrEqual((receipt.gasUsed * 110n) / 100n)
      }
    },
  )

  test('callGasLimit covers the 1/64 that a call keeps back from the contract it calls', async () => {
    const account = await accounts.counterfactual(version)
    const burner = '0x00000000000000000000000000000000000000d2'
    await chain.client.setCode({ address: burner, bytecode: burnGasCode })
    const callData = execute({ to: burner })
    const op = await estimated(account, unsigned(account, { deploy: true, callData }))
    const needed = (burnedGas * 64n) / 63n
    expect(op.callGasLimit).toBeGreaterThan(needed)
    expect(op.callGasLimit).toBeLessThan((needed * 107n) / 100n)
    await validator.validate(op, account.entryPoint)
    expect((await include(account, [op])).events[0]?.success).toBe(true)
  })

  test('a call that reverts fails the estimate with its revert data', async () => {
    const account = await accounts.counterfactual(version)
    await chain.client.setCode({
      address: '0x00000000000000000000000000000000000000d1',
      bytecode: revertWithDeadbeef,
    })
    const callData = execute({ to: '0x00000000000000000000000000000000000000d1' })
    const revertData = `0xdeadbeef${'00'.repeat(28)}`
    for (const fields of [{}, { paymaster: paymasters.withPostOp }]) {
      const op = unsigned(account, { deploy: true, callData, ...fields })
      await expect(estimator.estimate(op, account.entryPoint)).rejects.toMatchObject({
        code: -32521,
        data: { revertData },
      })
    }
  })

  test('an operation without call data needs no call gas', async () => {
    const account = await accounts.counterfactual(version)
    const op = await estimated(account, unsigned(account, { deploy: true, callData: '0x' }))
    expect(op.callGasLimit).toBe(0n)
    await validator.validate(op, account.entryPoint)
    expect((await include(account, [op])).events[0]?.success).toBe(true)
  })

  test('a state override makes an unfunded call possible', async () => {
    const account = await accounts.counterfactual(version, 0n)
    const callData = execute({ to: chain.bundler, value: parseEther('5') })
    const op = unsigned(account, { deploy: true, callData })
    await expect(estimator.estimate(op, account.entryPoint)).rejects.toMatchObject({ code: -32521 })
    const override = { [account.address]: { balance: '0x4563918244f40000' as const } }
    const estimate = await estimator.estimate(op, account.entryPoint, override)
    expect(estimate.callGasLimit).toBeGreaterThan(9_000n)
  })

  test('an estimate keeps the gas limits of a paymaster', async () => {
    const account = await accounts.counterfactual(version)
    const op = unsigned(account, {
      deploy: true,
      paymaster: paymasters.withPostOp,
      ...paymasterLimits,
    })
    const estimate = await estimator.estimate(op, account.entryPoint)
    expect(estimate).toMatchObject(paymasterLimits)
    if (!supports?.paymasterGasLimits)
      expect(estimate).not.toHaveProperty('paymasterPostOpGasLimit')
  })

  describe('rejections', () => {
    const wellFormed = (fields: OperationFields = {}, account?: TestAccount) =>
      signedOperation(version, { ...fields, ...(fields.paymaster ? paymasterLimits : {}) }, account)

    test('a well-formed operation is accepted', async () => {
      const { account, op } = await wellFormed()
      const result = await validator.validate(op, account.entryPoint)
      expect(result).toMatchObject({ validAfter: 0, validUntil: 0 })
      expect(result.entities.sender.address).toBe(op.sender)
      expect(result.entities.factory?.address).toBe(op.factory)
    })

    test('another signer: AA24', async () => {
      const { account, op } = await wellFormed()
      const other = await wellFormed()
      await expect(
        validator.validate({ ...op, signature: other.op.signature }, account.entryPoint),
      ).rejects.toMatchObject({ code: -32507, data: { aaCode: 'AA24', entity: 'account' } })
    })

    test('a signature that makes the account revert: AA23 with its revert data', async () => {
      const { account, op } = await wellFormed()
      const rejected = validator.validate({ ...op, signature: '0x1234' }, account.entryPoint)
      await expect(rejected).rejects.toMatchObject({ code: -32500, data: { aaCode: 'AA23' } })
    })

    test('a future nonce: AA25', async () => {
      const { account, op } = await wellFormed({ nonce: 1n })
      await expect(validator.validate(op, account.entryPoint)).rejects.toMatchObject({
        code: -32500,
        message: expect.stringContaining('AA25'),
      })
    })

    test('a nonce already used: AA25', async () => {
      const { account, op } = await wellFormed()
      await include(account, [op])
      const { op: again } = await wellFormed({ deploy: false }, account)
      await expect(validator.validate(again, account.entryPoint)).rejects.toMatchObject({
        code: -32500,
        message: expect.stringContaining('AA25'),
      })
    })

    test('a factory that makes another account: AA14', async () => {
      const { account, op } = await wellFormed()
      const { factoryData } = await accounts.counterfactual(version)
      await expect(
        validator.validate({ ...op, factoryData }, account.entryPoint),
      ).rejects.toMatchObject({ code: -32500, data: { aaCode: 'AA14', entity: 'factory' } })
    })

    test('no code and no factory: AA20', async () => {
      const { account, op } = await wellFormed()
      const { factory, factoryData, ...withoutFactory } = op
      await expect(validator.validate(withoutFactory, account.entryPoint)).rejects.toMatchObject({
        code: -32500,
        message: expect.stringContaining('AA20'),
      })
    })

    test('no funds: AA21', async () => {
      const poor = await accounts.counterfactual(version, 0n)
      const { op } = await wellFormed({}, poor)
      await expect(validator.validate(op, poor.entryPoint)).rejects.toMatchObject({
        code: -32500,
        message: expect.stringContaining('AA21'),
      })
    })

    test.each([
      { name: 'withoutDeposit', code: -32508, aaCode: 'AA31' },
      { name: 'rejecting', code: -32501, aaCode: 'AA33' },
      { name: 'wrongSignature', code: -32507, aaCode: 'AA34' },
    ] as const)('paymaster $name: $aaCode', async ({ name, code, aaCode }) => {
      const { account, op } = await wellFormed({ paymaster: paymasters[name] })
      await expect(validator.validate(op, account.entryPoint)).rejects.toMatchObject({
        code,
        data: { aaCode, entity: 'paymaster' },
        message: expect.stringContaining(aaCode),
      })
    })

    test('a paymaster without code: AA30', async () => {
      const { account, op } = await wellFormed({
        paymaster: '0x00000000000000000000000000000000000000bf',
      })
      await expect(validator.validate(op, account.entryPoint)).rejects.toMatchObject({
        code: -32501,
        message: expect.stringContaining('AA30'),
      })
    })

    test('an elapsed sponsorship: time range', async () => {
      const { account, op } = await wellFormed({ paymaster: paymasters.expiresAt3600 })
      await expect(validator.validate(op, account.entryPoint)).rejects.toMatchObject({
        code: -32503,
      })
    })

    test('a fee below the base fee', async () => {
      const { account, op } = await wellFormed({ maxFeePerGas: 1n, maxPriorityFeePerGas: 1n })
      await expect(validator.validate(op, account.entryPoint)).rejects.toMatchObject({
        code: -32602,
        data: { rule: 'maxFeePerGas' },
      })
    })
  })
})

test('[EntryPoint 0.9] an elapsed block range: AA37', async () => {
  const { account, op } = await signedOperation('0.9', {
    paymaster: paymasters.endsAtBlock2,
    paymasterVerificationGasLimit: 60_000n,
    paymasterPostOpGasLimit: 0n,
  })
  await expect(validator.validate(op, account.entryPoint)).rejects.toMatchObject({
    code: -32503,
    data: { aaCode: 'AA37', unit: 'blocks' },
  })
})

test('[EntryPoint 0.9] the initCode of an existing account is ignored', async () => {
  const account = await accounts.counterfactual('0.9')
  const first = await estimated(account, unsigned(account, { deploy: true }))
  await include(account, [first])
  const second = await estimated(account, unsigned(account, { deploy: true, nonce: 1n }))
  await validator.validate(second, account.entryPoint)
  expect((await include(account, [second])).events[0]?.success).toBe(true)
})

test('[EntryPoint 0.9] a paymaster signature may change after the account has signed', async () => {
  const account = await accounts.counterfactual('0.9')
  const unsignedOp = unsigned(account, {
    deploy: true,
    paymaster: paymasters.plain,
    paymasterData: '0x01',
    paymasterSignature: '0xaaaaaa',
  })
  const op = { ...(await estimated(account, unsignedOp)), paymasterSignature: '0xbbbbbb' as const }
  await validator.validate(op, account.entryPoint)
  expect((await include(account, [op])).events[0]?.success).toBe(true)
})

describe.each([{ version: '0.8' }, { version: '0.9' }] as const)(
  'EIP-7702 on EntryPoint $version',
  ({ version }) => {
    test('a plain EOA becomes a Simple7702Account in its first operation', async () => {
      const { entryPoint, op, owner } = await delegatedOperation(version)
      const account = { entryPoint, address: owner.address, owner } as TestAccount
      const signed = await estimated(account, op)
      await validator.validate(signed, entryPoint)
      const hash = await chain.client.sendTransaction({
        account: chain.bundlerAccount,
        chain: null,
        to: entryPoint.address,
        data: entryPoint.encodeHandleOps([signed], chain.bundler),
        authorizationList: [signed.eip7702Auth ?? never()],
        gas: 2_000_000n,
      })
      const receipt = await chain.client.waitForTransactionReceipt({ hash })
      expect(receipt.status).toBe('success')
      const [event] = parseEventLogs({
        abi: entryPoint.abi,
        logs: receipt.logs,
        eventName: 'UserOperationEvent',
      }) as unknown as { args: { success: boolean; actualGasUsed: bigint } }[]
      expect(event?.args.success).toBe(true)
      expect(event?.args.actualGasUsed).toBeGreaterThanOrEqual(receipt.gasUsed)
    })

    test('an authorization of another signer, chain or nonce is refused', async () => {
      const { entryPoint, op, owner } = await delegatedOperation(version)
      const other = privateKeyToAccount(generatePrivateKey())
      const address = op.eip7702Auth?.address ?? never()
      const wrong = [
        {
          code: -32602,
          eip7702Auth: await other.signAuthorization({
            address,
            chainId: chain.chainId,
            nonce: 0,
          }),
        },
        {
          code: -32602,
          eip7702Auth: await owner.signAuthorization({ address, chainId: 1, nonce: 0 }),
        },
        // The chain decides about it, as about the nonce of the operation.
        {
          code: -32500,
          eip7702Auth: await owner.signAuthorization({
            address,
            chainId: chain.chainId,
            nonce: 7,
          }),
        },
      ]
      const limits = {
        callGasLimit: 50_000n,
        verificationGasLimit: 600_000n,
        preVerificationGas: 120_000n,
      }
      for (const { code, eip7702Auth } of wrong) {
        await expect(
          validator.validate({ ...op, ...limits, eip7702Auth }, entryPoint),
        ).rejects.toMatchObject({ code, data: { rule: 'eip7702Auth' } })
      }
    })
  },
)

type OperationFields = Partial<UserOperation> & { deploy?: boolean }

/** An operation of a new account with ample limits, signed. */
async function signedOperation(
  version: EntryPointVersion,
  fields: OperationFields,
  existing?: TestAccount,
) {
  const account = existing ?? (await accounts.counterfactual(version))
  const op = unsigned(account, {
    deploy: true,
    callGasLimit: 50_000n,
    verificationGasLimit: 600_000n,
    preVerificationGas: 80_000n,
    ...fields,
  })
  return { account, op: await sign(account, op, chain.chainId) }
}

async function delegatedOperation(version: EntryPointVersion) {
  const entryPoint = entryPointAdapters.find((adapter) => adapter.version === version) ?? never()
  const { abi, bytecode } = publishedArtifact(version, 'Simple7702Account')
  // Only 0.9 takes the EntryPoint as a constructor argument; 0.8 has it built in.
  const args = version === '0.9' ? [entryPoint.address] : []
  const address = await chain.deploy({ abi, bytecode, args })
  const owner = privateKeyToAccount(generatePrivateKey())
  await chain.client.setBalance({ address: owner.address, value: parseEther('1') })
  const eip7702Auth = await owner.signAuthorization({ address, chainId: chain.chainId, nonce: 0 })
  const template = await accounts.counterfactual(version)
  const op: UserOperation = {
    ...unsigned(template),
    sender: owner.address,
    factory: '0x7702000000000000000000000000000000000000',
    eip7702Auth,
  }
  return { entryPoint, op, owner }
}

function never(): never {
  throw new Error('the case is about an operation that has it')
}
