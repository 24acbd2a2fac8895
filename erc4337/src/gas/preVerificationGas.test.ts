import fc from 'fast-check'
import type { Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { entryPointAdapters } from '../entryPoint/registry.ts'
import type { UserOperation } from '../userOperation.ts'
import { calldataGas } from './calldata.ts'
import { requiredPreVerificationGas } from './preVerificationGas.ts'

const operation = (fields: Partial<UserOperation> = {}): UserOperation => ({
  sender: '0x1111111111111111111111111111111111111111',
  nonce: 0n,
  callData: '0x',
  callGasLimit: 20_000n,
  verificationGasLimit: 100_000n,
  preVerificationGas: 50_000n,
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
  signature: `0x${'ff'.repeat(65)}`,
  ...fields,
})
const nonZero = (length: number): Hex => `0x${'ff'.repeat(length)}`

test.each([
  { data: '0x', standard: 0n, floor: 0n },
  { data: '0x00', standard: 4n, floor: 10n },
  { data: '0xff', standard: 16n, floor: 40n },
  { data: '0x00ff00', standard: 24n, floor: 60n },
] as const)('calldataGas of $data: $standard, floor $floor', ({ data, standard, floor }) => {
  expect(calldataGas(data)).toEqual({ standard, floor })
})

describe.each(entryPointAdapters.map((adapter) => ({ version: adapter.version, adapter })))(
  'requiredPreVerificationGas on EntryPoint $version',
  ({ adapter }) => {
    const required = (op: UserOperation, expectedBundleSize = 1n) =>
      requiredPreVerificationGas(op, adapter, { expectedBundleSize })

    test('pays for a transaction of its own', () => {
      expect(required(operation())).toBeGreaterThan(21_000n)
      expect(required(operation())).toBeLessThan(60_000n)
    })

    test('never rises with the bundle size', () => {
      fc.assert(
        fc.property(fc.bigInt({ min: 1n, max: 50n }), (size) => {
          expect(required(operation(), size + 1n)).toBeLessThanOrEqual(required(operation(), size))
        }),
      )
    })

    test('never falls when the call data grows', () => {
      fc.assert(
        fc.property(fc.nat(3000), fc.nat(500), (length, more) => {
          const short = required(operation({ callData: nonZero(length) }))
          expect(required(operation({ callData: nonZero(length + more) }))).toBeGreaterThanOrEqual(
            short,
          )
        }),
      )
    })

    test('10,000 bytes of call data cost the EIP-7623 floor, less what is charged for certain', () => {
      const callData = nonZero(10_000)
      const idle = required(operation({ callData }))
      expect(idle).toBeGreaterThan(10_000n * 40n + 21_000n - adapter.minimumChargedGas(operation()))
      const busy = operation({ callData, callGasLimit: 1_000_000n })
      const charged = adapter.minimumChargedGas(busy) - adapter.minimumChargedGas(operation())
      // Two more bytes of callGasLimit are not zero.
      const difference = idle - required(busy) - charged
      expect(difference).toBeGreaterThanOrEqual(-60n)
      expect(difference).toBeLessThanOrEqual(0n)
    })
  },
)

test('an EIP-7702 authorization adds 25,000 gas where calldata is not all that counts', () => {
  const adapter = entryPointAdapters.find(({ supports }) => supports.eip7702)
  if (!adapter) throw new RangeError('no EntryPoint with EIP-7702')
  const eip7702Auth = {
    address: '0x4444444444444444444444444444444444444444',
    chainId: 1,
    nonce: 0,
    r: nonZero(32),
    s: nonZero(32),
    yParity: 0,
  } as const
  const gas = (op: UserOperation) =>
    requiredPreVerificationGas(op, adapter, { expectedBundleSize: 1n })
  expect(gas(operation({ eip7702Auth })) - gas(operation())).toBe(25_000n)
  // It is no calldata, so the EIP-7623 floor does not rise with it.
  const callData = nonZero(10_000)
  expect(gas(operation({ callData, eip7702Auth }))).toBe(gas(operation({ callData })))
})
