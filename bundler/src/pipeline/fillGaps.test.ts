import { parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { executorLoad } from '../submission/executorLoad.ts'
import { createExecutorPool } from '../submission/executorPool.ts'
import { testBlock, testBundle } from '../testing/bundle.ts'
import { testMempool } from '../testing/pool.ts'
import { testHash } from '../testing/pooledOperation.ts'
import { createGapFiller } from './fillGaps.ts'

const account = privateKeyToAccount(testHash(1))

test('a gap before bundles in flight is filled a block later, journaled, and once', async () => {
  const store = createMemoryStore()
  const bundles = createBundleRegistry()
  const sent: number[] = []
  const executors = createExecutorPool({
    executors: [{ account, confirmedNonce: 4 }],
    maxInFlight: 4,
    load: (address) => executorLoad(bundles, address),
    now: () => 0,
  })
  const fill = createGapFiller({
    chainId: 31_337,
    sender: {
      async send({ raw }) {
        const { nonce = 0, to, gas } = parseTransaction(raw)
        expect({ to, gas }).toEqual({ to: account.address.toLowerCase(), gas: 21_000n })
        sent.push(nonce)
        return { type: 'accepted' }
      },
    },
    mempool: testMempool(),
    store,
    bundles,
    executors,
    marketFees: async () => ({ maxFeePerGas: 60n, maxPriorityFeePerGas: 8n }),
    now: () => 0,
    onUpdates: () => undefined,
    onRefused: () => undefined,
  })
  bundles.set(testBundle(4, { executor: account.address }))
  await fill(testBlock(10))
  await fill(testBlock(11))
  expect(sent).toEqual([])

  bundles.remove(`${account.address}:4`)
  bundles.set(testBundle(5, { executor: account.address }))
  await fill(testBlock(11))
  expect(sent).toEqual([])
  await fill(testBlock(12))
  await fill(testBlock(13))
  expect(sent).toEqual([4])
  expect(await store.bundles()).toMatchObject([{ nonce: 4, operations: [] }])
})
