import { defaultEntryPoint } from '@fabstir/erc4337'
import fc from 'fast-check'
import type { Hex } from 'viem'
import { concat, hashTypedData, keccak256, numberToHex, zeroHash } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { expect, test } from 'vitest'
import { testFactory, testOperation, testPaymaster } from '../testing/fixtures.ts'
import { sponsorshipHasher } from './sponsoredOperation.ts'

const types = {
  SponsoredOperation: [
    { name: 'entryPoint', type: 'address' },
    { name: 'sender', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'initCodeHash', type: 'bytes32' },
    { name: 'delegateCodeHash', type: 'bytes32' },
    { name: 'callDataHash', type: 'bytes32' },
    { name: 'accountGasLimits', type: 'bytes32' },
    { name: 'preVerificationGas', type: 'uint256' },
    { name: 'gasFees', type: 'bytes32' },
    { name: 'paymasterGasLimits', type: 'bytes32' },
    { name: 'policyHash', type: 'bytes16' },
    { name: 'validAfter', type: 'uint48' },
    { name: 'validUntil', type: 'uint48' },
  ],
} as const

const delegate = '0x8888888888888888888888888888888888888888'
const bytes = (length: { minLength?: number; maxLength: number }) =>
  fc.uint8Array(length).map((value): Hex => `0x${Buffer.from(value).toString('hex')}`)
const gas = fc.bigInt(0n, 2n ** 120n - 1n)

test("it is viem's EIP-712 hash of the documented type", () => {
  const fields = fc.record({
    nonce: fc.bigInt(0n, 2n ** 256n - 1n),
    factoryData: bytes({ maxLength: 70 }),
    callData: bytes({ maxLength: 100 }),
    callGasLimit: gas,
    verificationGasLimit: gas,
    preVerificationGas: gas,
    maxFeePerGas: gas,
    maxPriorityFeePerGas: gas,
    paymasterVerificationGasLimit: gas,
    paymasterPostOpGasLimit: gas,
  })
  const rest = fc.record({
    chainId: fc.integer({ min: 1 }),
    deploys: fc.boolean(),
    isDelegated: fc.boolean(),
    policyHash: bytes({ minLength: 16, maxLength: 16 }),
    validAfter: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    validUntil: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  })
  fc.assert(
    fc.property(fields, rest, ({ factoryData, ...gasAndCalls }, given) => {
      const op = testOperation({
        ...gasAndCalls,
        ...(given.deploys ? { factory: testFactory, factoryData } : {}),
      })
      const { chainId, policyHash, validAfter, validUntil } = given
      const window = { policyHash, validAfter, validUntil }
      const packed = toPackedUserOperation(op)
      const entryPoint = defaultEntryPoint.address
      expect(
        sponsorshipHasher({
          chainId,
          entryPoint,
          paymaster: testPaymaster,
          op,
          delegate: given.isDelegated ? delegate : undefined,
        })(window),
      ).toBe(
        hashTypedData({
          domain: {
            name: 'FabstirSponsorPaymaster',
            version: '1',
            chainId,
            verifyingContract: testPaymaster,
          },
          types,
          primaryType: 'SponsoredOperation',
          message: {
            entryPoint,
            sender: op.sender,
            nonce: op.nonce,
            initCodeHash: keccak256(packed.initCode),
            delegateCodeHash: given.isDelegated
              ? keccak256(concat(['0xef0100', delegate]))
              : zeroHash,
            callDataHash: keccak256(op.callData),
            accountGasLimits: packed.accountGasLimits,
            preVerificationGas: op.preVerificationGas,
            gasFees: packed.gasFees,
            paymasterGasLimits: concat([
              numberToHex(op.paymasterVerificationGasLimit ?? 0n, { size: 16 }),
              numberToHex(op.paymasterPostOpGasLimit ?? 0n, { size: 16 }),
            ]),
            ...window,
          },
        }),
      )
    }),
  )
})

// The ledger tells rows of one sender and nonce apart by it alone.
test('no two chains, paymasters, EntryPoints, senders, nonces or policies have the same digest', () => {
  const other = '0xabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd'
  const base = {
    chainId: 1,
    entryPoint: defaultEntryPoint.address,
    paymaster: testPaymaster,
    op: testOperation(),
    delegate: undefined,
  }
  const terms = { policyHash: `0x${'11'.repeat(16)}` as const, validAfter: 0, validUntil: 0 }
  const digests = [
    sponsorshipHasher(base)(terms),
    sponsorshipHasher({ ...base, chainId: 2 })(terms),
    sponsorshipHasher({ ...base, paymaster: other })(terms),
    sponsorshipHasher({ ...base, entryPoint: other })(terms),
    sponsorshipHasher({ ...base, op: { ...base.op, sender: other } })(terms),
    sponsorshipHasher({ ...base, op: { ...base.op, nonce: base.op.nonce + 1n } })(terms),
    sponsorshipHasher(base)({ ...terms, policyHash: `0x${'22'.repeat(16)}` }),
  ]
  expect(new Set(digests).size).toBe(digests.length)
})
