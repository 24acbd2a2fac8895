import type { EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import { parseEther, parseEventLogs } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revertWithDeadbeef } from '../fixtures/paymasterCode.ts'
import type { TestAccount } from '../fixtures/simpleAccounts.ts'
import { execute, publishedArtifact, unsigned } from '../fixtures/simpleAccounts.ts'
import type { ValidationScene } from './validationScene.ts'
import { paymasterLimitsOf, paymasters, startValidationScene, versions } from './validationScene.ts'

let scene: ValidationScene
beforeAll(async () => {
  scene = await startValidationScene()
})
afterAll(() => scene?.stop())

/** Counts down from 50,000 at 26 gas a turn. */
const burnGasCode = '0x6200c3505b600190038060045700'
const burnedGas = 50_000n * 26n

describe.each(versions)('EntryPoint $version', ({ version }) => {
  const paymasterLimits = paymasterLimitsOf(version)

  test.each([
    { name: 'pays for itself', paymaster: undefined },
    { name: 'is sponsored', paymaster: paymasters.plain },
    { name: 'is sponsored with postOp', paymaster: paymasters.withPostOp },
  ])(
    'an account that $name: its estimates are accepted and executed, deployed or not',
    async ({ paymaster }) => {
      const account = await scene.accounts.counterfactual(
        version,
        paymaster ? 10n : parseEther('1'),
      )
      const fields = paymaster ? { paymaster, paymasterData: '0x1234' as const } : {}
      for (const [nonce, deploy] of [
        [0n, true],
        [1n, false],
      ] as const) {
        const op = await scene.estimated(account, unsigned(account, { ...fields, nonce, deploy }))
        const { preOpGas, prefund } = await scene.validator.validate(op, account.entryPoint)
        expect(prefund).toBe(account.entryPoint.requiredPrefund(op))

        const verificationGas = preOpGas - op.preVerificationGas
        const limit = op.verificationGasLimit + (op.paymasterVerificationGasLimit ?? 0n)
        expect(limit).toBeGreaterThanOrEqual(verificationGas)
        expect(limit).toBeLessThanOrEqual((verificationGas * 110n) / 100n)

        const { receipt, events } = await scene.include(account, [op])
        expect(events).toHaveLength(1)
        expect(events[0]).toMatchObject({
          userOpHash: account.entryPoint.hash(op, scene.chain.chainId),
          success: true,
        })
        const charged = events[0]?.actualGasUsed ?? 0n
        expect(charged).toBeGreaterThanOrEqual(receipt.gasUsed)
        expect(charged).toBeLessThanOrEqual((receipt.gasUsed * 110n) / 100n)
      }
    },
  )

  test('callGasLimit covers the 1/64 that a call keeps back from the contract it calls', async () => {
    const account = await scene.accounts.counterfactual(version)
    const burner = '0x00000000000000000000000000000000000000d2'
    await scene.chain.client.setCode({ address: burner, bytecode: burnGasCode })
    const callData = execute({ to: burner })
    const op = await scene.estimated(account, unsigned(account, { deploy: true, callData }))
    const needed = (burnedGas * 64n) / 63n
    expect(op.callGasLimit).toBeGreaterThan(needed)
    expect(op.callGasLimit).toBeLessThan((needed * 107n) / 100n)
    await scene.validator.validate(op, account.entryPoint)
    expect((await scene.include(account, [op])).events[0]?.success).toBe(true)
  })

  test('a call that reverts fails the estimate with its revert data', async () => {
    const account = await scene.accounts.counterfactual(version)
    await scene.chain.client.setCode({
      address: '0x00000000000000000000000000000000000000d1',
      bytecode: revertWithDeadbeef,
    })
    const callData = execute({ to: '0x00000000000000000000000000000000000000d1' })
    const revertData = `0xdeadbeef${'00'.repeat(28)}`
    for (const fields of [{}, { paymaster: paymasters.withPostOp }]) {
      const op = unsigned(account, { deploy: true, callData, ...fields })
      await expect(scene.estimator.estimate(op, account.entryPoint)).rejects.toMatchObject({
        code: -32521,
        data: { revertData },
      })
    }
  })

  test('an operation without call data needs no call gas', async () => {
    const account = await scene.accounts.counterfactual(version)
    const op = await scene.estimated(account, unsigned(account, { deploy: true, callData: '0x' }))
    expect(op.callGasLimit).toBe(0n)
    await scene.validator.validate(op, account.entryPoint)
    expect((await scene.include(account, [op])).events[0]?.success).toBe(true)
  })

  test('a state override makes an unfunded call possible', async () => {
    const account = await scene.accounts.counterfactual(version, 0n)
    const callData = execute({ to: scene.chain.bundler, value: parseEther('5') })
    const op = unsigned(account, { deploy: true, callData })
    await expect(scene.estimator.estimate(op, account.entryPoint)).rejects.toMatchObject({
      code: -32521,
    })
    const override = { [account.address]: { balance: '0x4563918244f40000' as const } }
    const estimate = await scene.estimator.estimate(op, account.entryPoint, override)
    expect(estimate.callGasLimit).toBeGreaterThan(9_000n)
  })

  test('an estimate keeps the gas limits of a paymaster', async () => {
    const account = await scene.accounts.counterfactual(version)
    const op = unsigned(account, {
      deploy: true,
      paymaster: paymasters.withPostOp,
      ...paymasterLimits,
    })
    const estimate = await scene.estimator.estimate(op, account.entryPoint)
    expect(estimate).toMatchObject(paymasterLimits)
    if (Object.keys(paymasterLimits).length === 0)
      expect(estimate).not.toHaveProperty('paymasterPostOpGasLimit')
  })
})

test('[EntryPoint 0.9] the initCode of an existing account is ignored', async () => {
  const account = await scene.accounts.counterfactual('0.9')
  const first = await scene.estimated(account, unsigned(account, { deploy: true }))
  await scene.include(account, [first])
  const second = await scene.estimated(account, unsigned(account, { deploy: true, nonce: 1n }))
  await scene.validator.validate(second, account.entryPoint)
  expect((await scene.include(account, [second])).events[0]?.success).toBe(true)
})

test('[EntryPoint 0.9] a paymaster signature may change after the account has signed', async () => {
  const account = await scene.accounts.counterfactual('0.9')
  const unsignedOp = unsigned(account, {
    deploy: true,
    paymaster: paymasters.plain,
    paymasterData: '0x01',
    paymasterSignature: '0xaaaaaa',
  })
  const op = {
    ...(await scene.estimated(account, unsignedOp)),
    paymasterSignature: '0xbbbbbb' as const,
  }
  await scene.validator.validate(op, account.entryPoint)
  expect((await scene.include(account, [op])).events[0]?.success).toBe(true)
})

describe.each([{ version: '0.8' }, { version: '0.9' }] as const)(
  'EIP-7702 on EntryPoint $version',
  ({ version }) => {
    test('a plain EOA becomes a Simple7702Account in its first operation', async () => {
      const { entryPoint, op, owner } = await delegatedOperation(version)
      const account = { entryPoint, address: owner.address, owner } as TestAccount
      const signed = await scene.estimated(account, op)
      await scene.validator.validate(signed, entryPoint)
      const hash = await scene.chain.client.sendTransaction({
        account: scene.chain.bundlerAccount,
        chain: null,
        to: entryPoint.address,
        data: entryPoint.encodeHandleOps([signed], scene.chain.bundler),
        authorizationList: [signed.eip7702Auth ?? never()],
        gas: 2_000_000n,
      })
      const receipt = await scene.chain.client.waitForTransactionReceipt({ hash })
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
            chainId: scene.chain.chainId,
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
            chainId: scene.chain.chainId,
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
          scene.validator.validate({ ...op, ...limits, eip7702Auth }, entryPoint),
        ).rejects.toMatchObject({ code, data: { rule: 'eip7702Auth' } })
      }
    })
  },
)

async function delegatedOperation(version: EntryPointVersion) {
  const entryPoint = entryPointAdapters.find((adapter) => adapter.version === version) ?? never()
  const { abi, bytecode } = publishedArtifact(version, 'Simple7702Account')
  // Only 0.9 takes the EntryPoint as a constructor argument; 0.8 has it built in.
  const args = version === '0.9' ? [entryPoint.address] : []
  const address = await scene.chain.deploy({ abi, bytecode, args })
  const owner = privateKeyToAccount(generatePrivateKey())
  await scene.chain.client.setBalance({ address: owner.address, value: parseEther('1') })
  const eip7702Auth = await owner.signAuthorization({
    address,
    chainId: scene.chain.chainId,
    nonce: 0,
  })
  const template = await scene.accounts.counterfactual(version)
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
