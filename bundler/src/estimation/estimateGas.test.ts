import { entryPointAdapters } from '@fabstir/erc4337'
import { expect, test } from 'vitest'
import type { CallResult } from '../chain/reader.ts'
import { createTurns } from '../chain/turns.ts'
import { testOperation } from '../testing/pooledOperation.ts'
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
