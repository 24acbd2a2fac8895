import { entryPointAdapters } from '@fabstir/erc4337'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testAddress, testOperation } from '../testing/pooledOperation.ts'
import { bundleGas, operationGas } from './bundleGas.ts'

/** Gas that the EntryPoint demands beside the limits (INNER_GAS_OVERHEAD; 5,000 in 0.6). */
const INNER_GAS_OVERHEAD = 10_000n
/** What the EntryPoint spends on an operation itself, measured generously. */
const BOOKKEEPING = 45_000n

const limit = fc.bigInt({ min: 0n, max: 3_000_000n })
const operation = fc
  .record({
    callGasLimit: limit,
    verificationGasLimit: limit,
    preVerificationGas: fc.bigInt({ min: 21_000n, max: 200_000n }),
    paid: fc.boolean(),
    paymasterVerificationGasLimit: limit,
    paymasterPostOpGasLimit: limit,
  })
  .map(({ paid, paymasterVerificationGasLimit, paymasterPostOpGasLimit, ...fields }) =>
    testOperation({
      ...fields,
      ...(paid && {
        paymaster: testAddress(5),
        paymasterVerificationGasLimit,
        paymasterPostOpGasLimit,
      }),
    }),
  )

describe.each(entryPointAdapters)('EntryPoint $version', (entryPoint) => {
  test('AA95 cannot happen, though every operation uses up all its limits', () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 8 }), (ops) => {
        let left =
          bundleGas(ops.reduce((gas, op) => gas + operationGas(entryPoint, op), 0n)) - 21_000n
        const separate = entryPoint.supports.paymasterGasLimits
        for (const op of ops) {
          const validated = separate
            ? op.verificationGasLimit + (op.paymasterVerificationGasLimit ?? 0n)
            : op.verificationGasLimit * (op.paymaster ? 2n : 1n)
          left -= validated + BOOKKEEPING / 2n
        }
        for (const op of ops) {
          const postOp = separate ? (op.paymasterPostOpGasLimit ?? 0n) : op.verificationGasLimit
          const inner = (left * 63n) / 64n
          expect((inner * 63n) / 64n).toBeGreaterThanOrEqual(
            op.callGasLimit + postOp + INNER_GAS_OVERHEAD,
          )
          const used = op.callGasLimit + (op.paymaster ? postOp : 0n)
          left -= used + BOOKKEEPING / 2n
        }
        expect(left).toBeGreaterThanOrEqual(0n)
      }),
    )
  })
})

test('calldata and an authorization are paid for', () => {
  const [entryPoint] = entryPointAdapters.slice(-1)
  if (!entryPoint) throw new Error('there are EntryPoints')
  const plain = operationGas(entryPoint, testOperation())
  const large = operationGas(entryPoint, testOperation({ callData: `0x${'ff'.repeat(3_200)}` }))
  // EIP-7623: 40 gas for each byte that is not zero; 3,200 bytes more in the same number of words.
  expect(large - plain).toBeGreaterThanOrEqual(3_200n * 40n)
})
