import type { EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { parseAbi, parseEther } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Estimator } from '../../../bundler/src/estimation/estimateGas.ts'
import { simulateValidation } from '../../../bundler/src/simulation/simulateValidation.ts'
import type { Validator } from '../../../bundler/src/validation/validate.ts'
import { judgesOf } from '../../fixtures/estimating.ts'
import { paymasterCode } from '../../fixtures/paymasterCode.ts'
import type { SimpleAccounts } from '../../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, sign, unsigned } from '../../fixtures/simpleAccounts.ts'
import type { TestChain } from '../../fixtures/testChain.ts'
import { startTestChain } from '../../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts
let estimator: Estimator
let validator: Validator

const plain: Address = '0x00000000000000000000000000000000000000b1'
const byBlocks: Address = '0x00000000000000000000000000000000000000b2'
/** Bit 47 of both ends: blocks 1 to 1,000,000. */
const blockFlag = 1n << 47n
const blockRange = ((blockFlag | 1n) << 208n) | ((blockFlag | 1_000_000n) << 160n)

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  ;({ estimator, validator } = judgesOf(chain))
  await chain.client.setCode({ address: plain, bytecode: paymasterCode() })
  await chain.client.setCode({
    address: byBlocks,
    bytecode: paymasterCode({ validationData: blockRange }),
  })
  for (const entryPoint of entryPointAdapters)
    for (const paymaster of [plain, byBlocks])
      await chain.deposit(entryPoint, paymaster, parseEther('1'))
})

afterAll(async () => {
  await chain?.stop()
})

/** A signed operation of a new account with estimated limits. */
async function signedOperation(version: EntryPointVersion, fields: Partial<UserOperation> = {}) {
  const account = await accounts.counterfactual(version)
  const op = unsigned(account, { deploy: true, ...fields })
  const limited = { ...op, ...(await estimator.estimate(op, account.entryPoint)) }
  return { account, limited, op: await sign(account, limited, chain.chainId) }
}

test.each([{ version: '0.8' }, { version: '0.9' }] as const)(
  "v0.9/0.8 hash: the simulation of $version hashes with its EntryPoint's EIP-712 domain",
  async ({ version }) => {
    const { account, op } = await signedOperation(version)
    const { entryPoint } = account
    const simulated = await simulateValidation(op, entryPoint, chain.reader)
    expect(simulated).toMatchObject({ ok: true, result: { account: { signatureFailed: false } } })
    // Of another chain the domain is another one.
    const foreign = await sign(account, op, chain.chainId + 1)
    const other = await simulateValidation(foreign, entryPoint, chain.reader)
    expect(other).toMatchObject({ ok: true, result: { account: { signatureFailed: true } } })
  },
)

describe('v0.9', () => {
  test('validity in blocks is judged by blocks, and by seconds where it is not known', async () => {
    const { account, op } = await signedOperation('0.9', { paymaster: byBlocks })
    const simulated = await simulateValidation(op, account.entryPoint, chain.reader)
    expect(simulated).toMatchObject({
      ok: true,
      result: { paymaster: { unit: 'blocks', validAfter: 1, validUntil: 1_000_000 } },
    })
    await validator.validate(op, account.entryPoint)
    // On 0.8 the same word is a time that begins in four million years.
    const older = await accounts.counterfactual('0.8')
    const unready = unsigned(older, { deploy: true, paymaster: byBlocks })
    const limited = { ...unready, ...(await estimator.estimate(unready, older.entryPoint)) }
    await expect(
      validator.validate(await sign(older, limited, chain.chainId), older.entryPoint),
    ).rejects.toMatchObject({ code: -32503 })
  })

  test('a paymasterSignature is outside the hash, and its bytes are paid for', async () => {
    const dummy = `0x${'00'.repeat(65)}` as const
    const { account, op } = await signedOperation('0.9', {
      paymaster: plain,
      paymasterSignature: dummy,
    })
    const { entryPoint } = account
    const resigned = { ...op, paymasterSignature: `0x${'a7'.repeat(65)}` } as const
    expect(entryPoint.hash(resigned, chain.chainId)).toBe(entryPoint.hash(op, chain.chainId))
    const abi = parseAbi([
      'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
      'function getUserOpHash(PackedUserOperation userOp) view returns (bytes32)',
    ])
    const { eip7702Auth: _none, ...fields } = resigned
    expect(
      await chain.client.readContract({
        address: entryPoint.address,
        abi,
        functionName: 'getUserOpHash',
        args: [toPackedUserOperation(fields)],
      }),
    ).toBe(entryPoint.hash(op, chain.chainId))
    await validator.validate(resigned, entryPoint)
    const bare = await signedOperation('0.9', { paymaster: plain })
    expect(op.preVerificationGas).toBeGreaterThan(bare.op.preVerificationGas + 65n * 16n)
  })
})
