import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestAccount } from '../fixtures/simpleAccounts.ts'
import type { OperationFields, ValidationScene } from './validationScene.ts'
import { paymasterLimitsOf, paymasters, startValidationScene, versions } from './validationScene.ts'

let scene: ValidationScene
beforeAll(async () => {
  scene = await startValidationScene()
})
afterAll(() => scene?.stop())

describe.each(versions)('EntryPoint $version rejects', ({ version }) => {
  const paymasterLimits = paymasterLimitsOf(version)
  const wellFormed = (fields: OperationFields = {}, account?: TestAccount) =>
    scene.signedOperation(
      version,
      { ...fields, ...(fields.paymaster ? paymasterLimits : {}) },
      account,
    )

  test('a well-formed operation is accepted', async () => {
    const { account, op } = await wellFormed()
    const result = await scene.validator.validate(op, account.entryPoint)
    expect(result).toMatchObject({ validAfter: 0, validUntil: 0 })
    expect(result.entities.sender.address).toBe(op.sender)
    expect(result.entities.factory?.address).toBe(op.factory)
  })

  test('another signer: AA24', async () => {
    const { account, op } = await wellFormed()
    const other = await wellFormed()
    await expect(
      scene.validator.validate({ ...op, signature: other.op.signature }, account.entryPoint),
    ).rejects.toMatchObject({ code: -32507, data: { aaCode: 'AA24', entity: 'account' } })
  })

  test('a signature that makes the account revert: AA23 with its revert data', async () => {
    const { account, op } = await wellFormed()
    const rejected = scene.validator.validate({ ...op, signature: '0x1234' }, account.entryPoint)
    await expect(rejected).rejects.toMatchObject({ code: -32500, data: { aaCode: 'AA23' } })
  })

  test('a future nonce: AA25', async () => {
    const { account, op } = await wellFormed({ nonce: 1n })
    await expect(scene.validator.validate(op, account.entryPoint)).rejects.toMatchObject({
      code: -32500,
      message: expect.stringContaining('AA25'),
    })
  })

  test('a nonce already used: AA25', async () => {
    const { account, op } = await wellFormed()
    await scene.include(account, [op])
    const { op: again } = await wellFormed({ deploy: false }, account)
    await expect(scene.validator.validate(again, account.entryPoint)).rejects.toMatchObject({
      code: -32500,
      message: expect.stringContaining('AA25'),
    })
  })

  test('a factory that makes another account: AA14', async () => {
    const { account, op } = await wellFormed()
    const { factoryData } = await scene.accounts.counterfactual(version)
    await expect(
      scene.validator.validate({ ...op, factoryData }, account.entryPoint),
    ).rejects.toMatchObject({ code: -32500, data: { aaCode: 'AA14', entity: 'factory' } })
  })

  test('no code and no factory: AA20', async () => {
    const { account, op } = await wellFormed()
    const { factory, factoryData, ...withoutFactory } = op
    await expect(
      scene.validator.validate(withoutFactory, account.entryPoint),
    ).rejects.toMatchObject({
      code: -32500,
      message: expect.stringContaining('AA20'),
    })
  })

  test('no funds: AA21', async () => {
    const poor = await scene.accounts.counterfactual(version, 0n)
    const { op } = await wellFormed({}, poor)
    await expect(scene.validator.validate(op, poor.entryPoint)).rejects.toMatchObject({
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
    await expect(scene.validator.validate(op, account.entryPoint)).rejects.toMatchObject({
      code,
      data: { aaCode, entity: 'paymaster' },
      message: expect.stringContaining(aaCode),
    })
  })

  test('a paymaster without code: AA30', async () => {
    const { account, op } = await wellFormed({
      paymaster: '0x00000000000000000000000000000000000000bf',
    })
    await expect(scene.validator.validate(op, account.entryPoint)).rejects.toMatchObject({
      code: -32501,
      message: expect.stringContaining('AA30'),
    })
  })

  test('an elapsed sponsorship: time range', async () => {
    const { account, op } = await wellFormed({ paymaster: paymasters.expiresAt3600 })
    await expect(scene.validator.validate(op, account.entryPoint)).rejects.toMatchObject({
      code: -32503,
    })
  })

  test('a fee below the base fee', async () => {
    const { account, op } = await wellFormed({ maxFeePerGas: 1n, maxPriorityFeePerGas: 1n })
    await expect(scene.validator.validate(op, account.entryPoint)).rejects.toMatchObject({
      code: -32602,
      data: { rule: 'maxFeePerGas' },
    })
  })
})

test('[EntryPoint 0.9] an elapsed block range: AA37', async () => {
  const { account, op } = await scene.signedOperation('0.9', {
    paymaster: paymasters.endsAtBlock2,
    paymasterVerificationGasLimit: 60_000n,
    paymasterPostOpGasLimit: 0n,
  })
  await expect(scene.validator.validate(op, account.entryPoint)).rejects.toMatchObject({
    code: -32503,
    data: { aaCode: 'AA37', unit: 'blocks' },
  })
})
