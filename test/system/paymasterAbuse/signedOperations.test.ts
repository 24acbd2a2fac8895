import type { UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, hexToBytes, size, toHex } from 'viem'
import { entryPoint08Address, entryPoint09Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeCalls } from '../paymasterFixture.ts'
import { include } from '../paymasterUsage.ts'
import type { AbuseStack } from './abuseStack.ts'
import { startAbuseStack } from './abuseStack.ts'
import type { Sponsored } from './asking.ts'
import {
  ask,
  attack,
  bundleByHand,
  expectRefused,
  notSigned,
  signFinal,
  sponsor,
  sponsorInParallel,
} from './asking.ts'
import { billOf, books } from './bill.ts'

/** The owner of an account changes what the paymaster has signed, and signs that. */
let stack: AbuseStack

beforeAll(async () => {
  stack = await startAbuseStack({ shop: {} })
})
afterAll(() => stack?.close())

/** Flips the lowest bit of one byte. */
function flip(data: Hex, index: number): Hex {
  return toHex(hexToBytes(data).map((byte, at) => (at === index ? byte ^ 1 : byte)))
}

/** What may be raised after signing, to be paid for gas that nobody needs. */
const gasFields = [
  'callGasLimit',
  'verificationGasLimit',
  'preVerificationGas',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'paymasterVerificationGasLimit',
  'paymasterPostOpGasLimit',
] as const

/** Bytes of policyHash, validAfter and validUntil, and of r, s and v. */
const termBytes = [0, 15, 21, 27]
/** First bytes of validAfter and validUntil. */
const yearBytes = [16, 22]
const signatureBytes = [0, 31, 32, 63, 64]

describe.each<{ form: string; entryPoint: Address; sign: typeof sponsor; dataLength: number }>([
  { form: 'EntryPoint 0.8', entryPoint: entryPoint08Address, sign: sponsor, dataLength: 93 },
  { form: 'EntryPoint 0.9', entryPoint: entryPoint09Address, sign: sponsor, dataLength: 93 },
  {
    ...{ form: 'EntryPoint 0.9 in parallel', entryPoint: entryPoint09Address },
    ...{ sign: sponsorInParallel, dataLength: 28 },
  },
])('$form', ({ entryPoint, sign, dataLength }) => {
  let genuine: Sponsored
  let reserved: bigint

  beforeAll(async () => {
    genuine = await sign(stack, { app: 'shop', entryPoint })
  })
  beforeEach(async () => {
    reserved = (await books(stack, 'shop')).reserved
  })

  /** Every change is refused, and costs nothing. */
  async function expectNotPaid(changes: readonly Partial<UserOperation>[], verdict = notSigned) {
    const bill = await billOf(stack, 'shop', async () => {
      for (const [index, each] of changes.entries()) {
        const changed = { ...genuine, op: { ...genuine.op, ...each } }
        const name = Object.keys(each).join()
        // The bundler simulates what the chain does: it is asked once.
        if (index === 0) expect(await attack(stack, changed), name).toEqual(verdict)
        else
          expect(await bundleByHand(stack, entryPoint, await signFinal(changed)), name).toBe(
            verdict.chain,
          )
      }
    })
    expect(bill).toBe(0n)
    expect((await books(stack, 'shop')).reserved).toBe(reserved)
  }

  test('P-01 gas stuffing: a limit or a fee that is raised after signing', async () => {
    const raise = (...fields: readonly (typeof gasFields)[number][]) =>
      Object.fromEntries(fields.map((field) => [field, (genuine.op[field] ?? 0n) + 1n]))
    await expectNotPaid([
      ...gasFields.map((field) => raise(field)),
      raise(...gasFields),
      { paymasterPostOpGasLimit: 190_000n },
      { preVerificationGas: 600_000n },
    ])
  })

  test('P-02 other calls in the place of those that were signed', async () => {
    const { marketplace } = stack.contracts
    await expectNotPaid([
      { callData: encodeCalls([{ target: marketplace, data: '0x' }]) },
      { callData: concat([genuine.op.callData, '0x00']) },
      { callData: '0x' },
    ])
  })

  test('P-03 other initCode in the place of what was signed', async () => {
    // Solidity does not look at what follows the arguments: the same account is deployed.
    await expectNotPaid([{ factoryData: concat([genuine.op.factoryData ?? '0x', '0x00']) }])
  })

  test('P-04 another nonce than was signed', async () => {
    await expectNotPaid([{ nonce: 1n << 64n }])
  })

  test('P-05 another policy hash, window or signature in paymasterData', async () => {
    const { paymasterData = '0x', paymasterSignature } = genuine.op
    expect(size(paymasterData)).toBe(dataLength)
    await expectNotPaid([
      ...termBytes.map((index) => ({ paymasterData: flip(paymasterData, index) })),
      ...signatureBytes.map((index) =>
        paymasterSignature
          ? { paymasterSignature: flip(paymasterSignature, index) }
          : { paymasterData: flip(paymasterData, 28 + index) },
      ),
    ])
  })

  test('P-05 paymasterData of another length, or with a window of years', async () => {
    const { paymasterData = '0x' } = genuine.op
    await expectNotPaid(
      [
        ...yearBytes.map((index) => ({ paymasterData: flip(paymasterData, index) })),
        { paymasterData: concat([paymasterData, '0x00']) },
        { paymasterData: '0x' },
      ],
      { chain: 'AA33', bundler: '-32501 AA33 reverted' },
    )
  })

  test('P-09 the same operation twice', async () => {
    const final = await signFinal(genuine)
    let actual = 0n
    const bill = await billOf(stack, 'shop', async () => {
      const { actualGasCost, success } = await include(stack, entryPoint, final)
      expect(success).toBe(true)
      actual = actualGasCost
    })
    expect(bill).toBe(actual)
    const again = await billOf(stack, 'shop', async () => {
      // EntryPoint 0.8 looks at the initCode first.
      expect(await attack(stack, genuine)).toEqual({
        chain: expect.stringMatching(/AA10|AA25/),
        bundler: expect.stringMatching(/^-32500 AA(10 sender already c|25 invalid account n)/),
      })
      const changed = { ...genuine.op, callGasLimit: genuine.op.callGasLimit + 1n }
      expectRefused(
        await ask(stack, changed, { app: 'shop', entryPoint }),
        'nonce.used',
        /with nonce 0 is on the chain already/,
      )
    })
    expect(again).toBe(0n)
  })
})
