import type { EntryPointVersion } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testAddress, testHash, testOperation } from '../../testing/pooledOperation.ts'
import { RpcError } from '../../types/rpcError.ts'
import { parseUserOperation } from './userOperation.ts'

const adapter = (version: EntryPointVersion) => {
  const found = entryPointAdapters.find((entryPoint) => entryPoint.version === version)
  if (!found) throw new RangeError(version)
  return found
}

/** A complete wire operation of a version. */
function wire(version: EntryPointVersion, fields: Record<string, unknown> = {}) {
  return { ...adapter(version).toRpc(testOperation()), ...fields }
}

function failure(version: EntryPointVersion, value: unknown, use: 'send' | 'estimate' = 'send') {
  try {
    parseUserOperation(value, adapter(version), use)
  } catch (error) {
    if (error instanceof RpcError)
      return { code: error.code, message: error.message, data: error.data }
    throw error
  }
  return undefined
}

const auth = {
  chainId: '0x7a69',
  address: testAddress(4),
  nonce: '0x0',
  yParity: '0x01',
  r: testHash(1),
  s: testHash(2),
}

describe.each(['0.6', '0.7', '0.8', '0.9'] as const)('EntryPoint %s', (version) => {
  const paid = testOperation({
    factory: testAddress(2),
    factoryData: '0x1234',
    paymaster: testAddress(3),
    paymasterData: '0xabcd',
    ...(adapter(version).supports.paymasterGasLimits && {
      paymasterVerificationGasLimit: 5n,
      paymasterPostOpGasLimit: 6n,
    }),
    ...(adapter(version).supports.paymasterSignature && { paymasterSignature: '0x77' as const }),
  })

  test.each([
    { name: 'a plain operation', op: testOperation() },
    { name: 'one with factory and paymaster', op: paid },
  ])('$name survives the way over the wire', ({ op }) => {
    const parsed = parseUserOperation(adapter(version).toRpc(op), adapter(version), 'send')
    expect(parsed).toEqual(op)
  })

  test('every field of a plain operation is required to send', () => {
    for (const field of [
      'sender',
      'nonce',
      'callData',
      'callGasLimit',
      'maxFeePerGas',
      'signature',
    ]) {
      const { [field]: _, ...rest } = wire(version)
      expect(failure(version, rest)).toMatchObject({
        code: -32602,
        message: `userOperation.${field} is required`,
        data: { field: `userOperation.${field}` },
      })
    }
  })

  test('an unknown field is refused by name', () => {
    expect(failure(version, wire(version, { gasLimit: '0x1' }))).toMatchObject({
      data: { field: 'userOperation.gasLimit' },
    })
  })

  test.each([
    { field: 'callData', value: '0x123' },
    { field: 'callData', value: 'ff' },
    { field: 'callData', value: 7 },
    { field: 'callData', value: '0xzz' },
    { field: 'signature', value: '0x0' },
    { field: 'sender', value: '0x1234' },
    { field: 'sender', value: 1 },
    { field: 'nonce', value: '12' },
    { field: 'nonce', value: 12 },
    { field: 'nonce', value: '0x' },
    { field: 'nonce', value: '-0x1' },
    { field: 'nonce', value: `0x1${'0'.repeat(64)}` },
    { field: 'maxFeePerGas', value: [] },
  ])('$field $value: the error names field, rule and value', ({ field, value }) => {
    expect(failure(version, wire(version, { [field]: value }))).toMatchObject({
      code: -32602,
      data: {
        field: `userOperation.${field}`,
        rule: expect.stringMatching(/^must be/),
        value: JSON.stringify(value),
      },
    })
  })

  test('an authorization is read, its v ignored, a wrong one named', () => {
    const parsed = parseUserOperation(
      wire(version, { eip7702Auth: { ...auth, v: '0x1b' } }),
      adapter(version),
      'send',
    )
    expect(parsed.eip7702Auth).toEqual({ ...auth, chainId: 31_337, nonce: 0, yParity: 1 })
    const wrong = wire(version, { eip7702Auth: { ...auth, yParity: '0x2' } })
    expect(failure(version, wrong)).toMatchObject({
      data: { field: 'userOperation.eip7702Auth.yParity' },
    })
  })

  test('whatever arrives, the answer is an operation or -32602', () => {
    const keys = fc.constantFrom(...Object.keys(wire(version)), 'factory', 'paymaster', 'x')
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), fc.boolean(), (fields, complete) => {
        const value = complete ? wire(version, fields) : fields
        expect([undefined, -32602]).toContain(failure(version, value)?.code)
      }),
    )
  })
})

test('amounts have 256 bits in 0.6 and 128 later', () => {
  const large = `0x1${'0'.repeat(32)}`
  expect(failure('0.6', wire('0.6', { callGasLimit: large }))).toBeUndefined()
  expect(failure('0.7', wire('0.7', { callGasLimit: large }))).toMatchObject({
    data: { field: 'userOperation.callGasLimit' },
  })
})

test('initCode and paymasterAndData are empty or begin with an address', () => {
  expect(failure('0.6', wire('0.6', { initCode: '0x1234' }))).toMatchObject({
    data: { field: 'userOperation.initCode', rule: 'must be empty or begin with an address' },
  })
})

test('fields of another version are unknown: 0.6 fields in 0.7, 0.7 fields in 0.6', () => {
  expect(failure('0.7', wire('0.7', { initCode: '0x' }))).toMatchObject({
    data: { field: 'userOperation.initCode' },
  })
  expect(failure('0.6', wire('0.6', { factory: testAddress(2) }))).toMatchObject({
    data: { field: 'userOperation.factory' },
  })
  expect(failure('0.8', wire('0.8', { paymasterSignature: '0x' }))).toMatchObject({
    data: { field: 'userOperation.paymasterSignature' },
  })
})

test('data without its owner is refused', () => {
  for (const [field, owner] of [
    ['factoryData', 'factory'],
    ['paymasterData', 'paymaster'],
    ['paymasterSignature', 'paymaster'],
  ]) {
    expect(failure('0.9', wire('0.9', { [String(field)]: '0x01' }))).toMatchObject({
      data: { field: `userOperation.${field}`, rule: `needs the field ${owner}` },
    })
  }
})

test('null means absent, and the short EIP-7702 marker is completed', () => {
  const parsed = parseUserOperation(
    wire('0.8', { factory: '0x7702', paymaster: null, paymasterData: null }),
    adapter('0.8'),
    'send',
  )
  expect(parsed).toEqual(testOperation({ factory: '0x7702000000000000000000000000000000000000' }))
})

test('a long value is shortened in the error', () => {
  const found = failure('0.7', wire('0.7', { callData: `0x${'f'.repeat(10_001)}` }))
  expect(found?.message.length).toBeLessThan(300)
})
