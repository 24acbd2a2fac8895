import fc from 'fast-check'
import type { Address, Hex } from 'viem'
import { bytesToHex, getAddress, hexToBytes, numberToHex, size } from 'viem'
import { describe, expect, test } from 'vitest'
import type { UserOperation } from '../userOperation.ts'
import type { EntryPointAdapter } from './adapter.ts'
import { DelegateUnknownError } from './errors.ts'
import { entryPointAdapters, getEntryPointAdapter } from './registry.ts'

const address = (): fc.Arbitrary<Address> =>
  fc
    .bigInt({ min: 1n, max: (1n << 160n) - 1n })
    .map((value) => getAddress(numberToHex(value, { size: 20 })))
const bytes = (maxLength = 80): fc.Arbitrary<Hex> =>
  fc
    .uint8Array({ maxLength })
    .map(
      (array): Hex =>
        `0x${Array.from(array, (byte) => byte.toString(16).padStart(2, '0')).join('')}`,
    )
const gas = () => fc.bigInt({ min: 0n, max: (1n << 120n) - 1n })

/** Operations in their normal form: as `decodeHandleOps` gives them. */
function operation({ supports }: EntryPointAdapter): fc.Arbitrary<UserOperation> {
  const required = fc.record({
    sender: address(),
    nonce: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
    callData: bytes(300),
    callGasLimit: gas(),
    verificationGasLimit: gas(),
    preVerificationGas: gas(),
    maxFeePerGas: gas(),
    maxPriorityFeePerGas: gas(),
    signature: bytes(),
  })
  const factory = fc.record({ factory: address(), factoryData: bytes() })
  const paymaster = fc.record({
    paymaster: address(),
    paymasterData: bytes(),
    ...(supports.paymasterGasLimits
      ? { paymasterVerificationGasLimit: gas(), paymasterPostOpGasLimit: gas() }
      : {}),
  })
  const signature = fc.record({ paymasterSignature: bytes().filter((hex) => hex !== '0x') })
  return fc
    .tuple(
      required,
      fc.option(factory, { nil: {} }),
      fc.option(paymaster, { nil: {} }),
      supports.paymasterSignature ? fc.option(signature, { nil: {} }) : fc.constant({}),
    )
    .map(
      ([op, withFactory, withPaymaster, withSignature]): UserOperation => ({
        ...op,
        ...withFactory,
        ...withPaymaster,
        ...('paymaster' in withPaymaster ? withSignature : {}),
      }),
    )
}

test('getEntryPointAdapter finds an adapter whatever the letter case', () => {
  for (const adapter of entryPointAdapters) {
    expect(getEntryPointAdapter(adapter.address.toLowerCase() as Address)).toBe(adapter)
  }
  expect(getEntryPointAdapter('0x0000000000000000000000000000000000000001')).toBeUndefined()
})

describe.each(entryPointAdapters.map((adapter) => ({ version: adapter.version, adapter })))(
  'EntryPoint $version',
  ({ adapter }) => {
    test('decodes the operations that it encoded', () => {
      fc.assert(
        fc.property(
          fc.array(operation(adapter), { maxLength: 3 }),
          address(),
          (ops, beneficiary) => {
            expect(adapter.decodeHandleOps(adapter.encodeHandleOps(ops, beneficiary))).toEqual({
              ops,
              beneficiary,
            })
          },
        ),
        { numRuns: 50 },
      )
    })

    test('decoding keeps the hash', () => {
      fc.assert(
        fc.property(operation(adapter), address(), (op, beneficiary) => {
          const decoded = adapter.decodeHandleOps(adapter.encodeHandleOps([op], beneficiary))
          expect(decoded?.ops.map((each) => adapter.hash(each, 1))).toEqual([adapter.hash(op, 1)])
        }),
        { numRuns: 50 },
      )
    })

    test('an encoded operation stands in the calldata of its bundle', () => {
      fc.assert(
        fc.property(operation(adapter), address(), (op, beneficiary) => {
          const encoded = adapter.encodeOperation(op)
          expect(size(encoded) % 32).toBe(0)
          expect(adapter.encodeHandleOps([op], beneficiary)).toContain(encoded.slice(2))
        }),
        { numRuns: 50 },
      )
    })

    test('another call is no bundle, and damaged bytes are none', () => {
      const data = adapter.encodeHandleOps([], '0x0000000000000000000000000000000000000001')
      expect(adapter.decodeHandleOps('0x')).toBeUndefined()
      expect(adapter.decodeHandleOps('0xdeadbeef')).toBeUndefined()
      expect(adapter.decodeHandleOps(data.slice(0, -64) as Hex)).toBeUndefined()
    })

    test('whatever the bytes, decoding gives a bundle or nothing', () => {
      const selector = size('0x00000000')
      fc.assert(
        fc.property(
          fc.array(operation(adapter), { minLength: 1, maxLength: 2 }),
          fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
          fc.nat(),
          (ops, changes, cut) => {
            const sender = '0x0000000000000000000000000000000000000001'
            const bytes = hexToBytes(adapter.encodeHandleOps(ops, sender))
            // Offsets and lengths stand at the front, so most changes hit those.
            for (const [at, value] of changes) bytes[selector + (at % 640)] = value
            const data = bytesToHex(bytes.slice(0, bytes.length - (cut % 64)))
            expect(() => adapter.decodeHandleOps(data)).not.toThrow()
          },
        ),
        { numRuns: 300 },
      )
    })

    test('the prefund is the required gas at maxFeePerGas', () => {
      fc.assert(
        fc.property(operation(adapter), (op) => {
          expect(adapter.requiredPrefund(op)).toBe(adapter.requiredGas(op) * op.maxFeePerGas)
        }),
      )
    })
  },
)

const limits: UserOperation = {
  sender: '0x1111111111111111111111111111111111111111',
  nonce: 0n,
  callData: '0x',
  callGasLimit: 1n,
  verificationGasLimit: 10n,
  preVerificationGas: 100n,
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
  signature: '0x',
}
const sponsored: UserOperation = {
  ...limits,
  paymaster: '0x3333333333333333333333333333333333333333',
  paymasterVerificationGasLimit: 1_000n,
  paymasterPostOpGasLimit: 10_000n,
}

test.each([
  { version: '0.6', own: 111n, withPaymaster: 131n },
  { version: '0.7', own: 111n, withPaymaster: 11_111n },
  { version: '0.8', own: 111n, withPaymaster: 11_111n },
  { version: '0.9', own: 111n, withPaymaster: 11_111n },
])('EntryPoint $version requires $own gas, and $withPaymaster with a paymaster', (expected) => {
  const adapter = entryPointAdapters.find(({ version }) => version === expected.version)
  expect(adapter?.requiredGas(limits)).toBe(expected.own)
  expect(adapter?.requiredGas(sponsored)).toBe(expected.withPaymaster)
})

test.each([
  { version: '0.6', callGasLimit: 1_000_000n, charged: 0n },
  { version: '0.7', callGasLimit: 30_000n, charged: 4_000n },
  { version: '0.8', callGasLimit: 40_000n, charged: 0n },
  // 1 used and 40,000 unused, of which nothing is charged.
  { version: '0.8', callGasLimit: 40_001n, charged: 1n },
  { version: '0.8', callGasLimit: 44_444n, charged: 4_444n },
  { version: '0.8', callGasLimit: 50_000n, charged: 5_000n },
  { version: '0.9', callGasLimit: 1_000_000n, charged: 100_000n },
])(
  'EntryPoint $version charges at least $charged of a callGasLimit of $callGasLimit',
  (expected) => {
    const adapter = entryPointAdapters.find(({ version }) => version === expected.version)
    const op = { ...sponsored, callGasLimit: expected.callGasLimit }
    expect(adapter?.minimumChargedGas(op)).toBe(expected.charged)
  },
)

test('an EIP-7702 operation without authorization has no known hash', () => {
  const op: UserOperation = { ...limits, factory: '0x7702000000000000000000000000000000000000' }
  for (const adapter of entryPointAdapters.filter(({ supports }) => supports.eip7702)) {
    expect(() => adapter.hash(op, 1)).toThrow(DelegateUnknownError)
  }
})
