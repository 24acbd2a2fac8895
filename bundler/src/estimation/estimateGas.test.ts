import { entryPointAdapters } from '@fabstir/erc4337'
import { expect, test } from 'vitest'
import type { CallResult } from '../chain/reader.ts'
import { createTurns } from '../chain/turns.ts'
import { testAddress, testOperation } from '../testing/pooledOperation.ts'
import { createEstimator } from './estimateGas.ts'
import { defaultEstimationLimits } from './limits.ts'

const [, entryPoint] = entryPointAdapters
if (!entryPoint) throw new Error('EntryPoint 0.7')

test('estimates take their turn at the node', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<CallResult>()
  const estimator = createEstimator({
    reader: {
      call() {
        asked.resolve()
        return answer.promise
      },
    },
    chainId: 31_337,
    limits: defaultEstimationLimits,
    gasPrice: async () => ({ standard: { maxFeePerGas: 2n, maxPriorityFeePerGas: 1n } }),
    turns: createTurns({ atOnce: 1, waiting: 0 }),
  })
  const first = estimator.estimate(testOperation({ nonce: 1n }), entryPoint)
  await asked.promise
  await expect(estimator.estimate(testOperation({ nonce: 2n }), entryPoint)).rejects.toMatchObject({
    code: -32000,
    data: { reason: 'busy' },
  })
  answer.reject(new Error('the node is gone'))
  await expect(first).rejects.toThrow('the node is gone')
})

test('an operation that no bundle could hold is refused before anything is made of it', async () => {
  const estimator = createEstimator({
    reader: { call: () => Promise.reject(new Error('the node is asked')) },
    chainId: 31_337,
    limits: defaultEstimationLimits,
    gasPrice: () => Promise.reject(new Error('fees are asked for')),
  })
  const op = testOperation({ signature: `0x${'ab'.repeat(130_000)}` })
  await expect(estimator.estimate(op, entryPoint)).rejects.toMatchObject({
    code: -32602,
    message: expect.stringMatching(
      /^the operation takes 130\d{3} bytes of a bundle that holds 130048$/,
    ),
    data: { rule: 'maxBundleSize', limit: 130_048 },
  })
})

test.each([
  ['paymasterVerificationGasLimit', 5_000_001n, 5_000_000n],
  ['paymasterPostOpGasLimit', 10_000_001n, 10_000_000n],
] as const)(
  'a given %s of %d, which no node can try, is refused by name',
  async (field, given, most) => {
    const estimator = createEstimator({
      reader: { call: () => Promise.reject(new Error('the node is asked')) },
      chainId: 31_337,
      limits: defaultEstimationLimits,
      gasPrice: async () => ({ standard: { maxFeePerGas: 2n, maxPriorityFeePerGas: 1n } }),
    })
    const op = testOperation({ paymaster: testAddress(2), [field]: given })
    await expect(estimator.estimate(op, entryPoint)).rejects.toMatchObject({
      code: -32602,
      message: `${field} is above ${most}`,
      data: { rule: field, numbers: { [field]: `${given}`, max: `${most}` } },
    })
  },
)
