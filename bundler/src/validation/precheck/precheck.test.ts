import type { EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters, requiredPreVerificationGas } from '@fabstir/erc4337'
import { describe, expect, test } from 'vitest'
import { defaultValidationLimits as limits } from '../limits.ts'
import { precheck } from './precheck.ts'

const paymaster = '0x3333333333333333333333333333333333333333'
const authorization = {
  address: '0x4444444444444444444444444444444444444444',
  chainId: 1,
  nonce: 0,
  r: `0x${'01'.repeat(32)}`,
  s: `0x${'01'.repeat(32)}`,
  yParity: 0,
} as const
const marker = '0x7702000000000000000000000000000000000000'

const operation = (fields: Partial<UserOperation> = {}): UserOperation => ({
  sender: '0x1111111111111111111111111111111111111111',
  nonce: 0n,
  callData: '0xdeadbeef',
  callGasLimit: 20_000n,
  verificationGasLimit: 100_000n,
  preVerificationGas: 200_000n,
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
  signature: '0x',
  ...fields,
})
const sponsored = (fields: Partial<UserOperation> = {}) =>
  operation({
    paymaster,
    paymasterVerificationGasLimit: 50_000n,
    paymasterPostOpGasLimit: 0n,
    ...fields,
  })

const adapterOf = (version: EntryPointVersion) => {
  const adapter = entryPointAdapters.find((candidate) => candidate.version === version)
  if (!adapter) throw new RangeError(version)
  return adapter
}
const ruleOf = (op: UserOperation, version: EntryPointVersion) =>
  precheck(op, adapterOf(version), limits)?.rule

describe('fields', () => {
  test.each([
    { name: 'plain', op: operation(), version: '0.8', rule: undefined },
    {
      name: 'factoryData without factory',
      op: operation({ factoryData: '0x01' }),
      version: '0.8',
      rule: 'factoryData',
    },
    { name: 'sponsored', op: sponsored(), version: '0.7', rule: undefined },
    {
      name: 'paymaster without its verification limit',
      op: sponsored({ paymasterVerificationGasLimit: 0n }),
      version: '0.7',
      rule: 'paymaster',
    },
    { name: 'paymaster limits on 0.6', op: sponsored(), version: '0.6', rule: 'paymaster' },
    { name: 'paymaster on 0.6', op: operation({ paymaster }), version: '0.6', rule: undefined },
    {
      name: 'zero paymaster',
      op: sponsored({ paymaster: '0x0000000000000000000000000000000000000000' }),
      version: '0.8',
      rule: 'paymaster',
    },
    {
      name: 'paymasterData without paymaster',
      op: operation({ paymasterData: '0x01' }),
      version: '0.8',
      rule: 'paymaster',
    },
    {
      name: 'postOp limit without paymaster',
      op: operation({ paymasterPostOpGasLimit: 1n }),
      version: '0.8',
      rule: 'paymaster',
    },
    {
      name: 'paymasterSignature on 0.8',
      op: sponsored({ paymasterSignature: '0x01' }),
      version: '0.8',
      rule: 'paymasterSignature',
    },
    {
      name: 'paymasterSignature on 0.9',
      op: sponsored({ paymasterSignature: '0x01' }),
      version: '0.9',
      rule: undefined,
    },
    {
      name: 'authorization on 0.7',
      op: operation({ eip7702Auth: authorization }),
      version: '0.7',
      rule: 'eip7702Auth',
    },
    {
      name: 'authorization on 0.8',
      op: operation({ factory: marker, eip7702Auth: authorization }),
      version: '0.8',
      rule: undefined,
    },
    {
      name: 'marker without authorization',
      op: operation({ factory: marker }),
      version: '0.8',
      rule: 'eip7702Auth',
    },
  ] as const)('$name: $rule', ({ op, version, rule }) => {
    expect(ruleOf(op, version)).toBe(rule)
  })
})

describe('gas', () => {
  test.each([
    { field: 'verificationGasLimit', value: 5_000_000n, rule: undefined },
    { field: 'verificationGasLimit', value: 5_000_001n, rule: 'verificationGasLimit' },
    { field: 'callGasLimit', value: 9_000n, rule: undefined },
    { field: 'callGasLimit', value: 8_999n, rule: 'callGasLimit' },
    { field: 'callGasLimit', value: 15_700_000n, rule: undefined },
    { field: 'callGasLimit', value: 15_700_001n, rule: 'operationGas' },
    { field: 'maxFeePerGas', value: (1n << 120n) - 1n, rule: undefined },
    { field: 'maxFeePerGas', value: 1n << 120n, rule: 'gasValues' },
  ])('$field of $value: $rule', ({ field, value, rule }) => {
    expect(ruleOf(operation({ [field]: value }), '0.8')).toBe(rule)
  })

  test('no call data needs no call gas', () => {
    expect(ruleOf(operation({ callData: '0x', callGasLimit: 0n }), '0.8')).toBeUndefined()
  })

  test.each(entryPointAdapters.map(({ version }) => ({ version })))(
    'preVerificationGas of EntryPoint $version: what is required, and one less',
    ({ version }) => {
      // Its own bytes cost gas too: two of them, as in the answer.
      const op = operation({ preVerificationGas: 43_210n })
      const required = requiredPreVerificationGas(op, adapterOf(version), {
        ...limits,
        verificationGasUsed: op.verificationGasLimit,
      })
      expect(ruleOf({ ...op, preVerificationGas: required }, version)).toBeUndefined()
      expect(
        precheck({ ...op, preVerificationGas: required - 1n }, adapterOf(version), limits),
      ).toMatchObject({
        rule: 'preVerificationGas',
        numbers: { preVerificationGas: `${required - 1n}`, required: `${required}` },
      })
    },
  )
})
