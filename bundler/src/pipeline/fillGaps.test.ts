import { parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import type { SendOutcome } from '../chain/transactionSender.ts'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { executorLoad } from '../submission/executorLoad.ts'
import { createExecutorPool } from '../submission/executorPool.ts'
import { testBlock, testBundle } from '../testing/bundle.ts'
import { testMempool } from '../testing/pool.ts'
import { testHash } from '../testing/pooledOperation.ts'
import { createGapFiller } from './fillGaps.ts'

const account = privateKeyToAccount(testHash(1))

/** An executor with 4 transactions on chain; `outcome` is what the node says to a transfer of nothing. */
function scene(outcome: SendOutcome = { type: 'accepted' }) {
  const clock = { now: 0 }
  const now = () => clock.now
  const store = createMemoryStore()
  const bundles = createBundleRegistry()
  const sent: number[] = []
  const executors = createExecutorPool({
    executors: [{ account, confirmedNonce: 4 }],
    maxInFlight: 4,
    load: (address) => executorLoad(bundles, address),
    now,
  })
  const fill = createGapFiller({
    chainId: 31_337,
    sender: {
      async send({ raw }) {
        const { nonce = 0, to, gas } = parseTransaction(raw)
        expect({ to, gas }).toEqual({ to: account.address.toLowerCase(), gas: 21_000n })
        sent.push(nonce)
        return outcome
      },
    },
    mempool: testMempool(),
    store,
    bundles,
    executors,
    marketFees: async () => ({ maxFeePerGas: 60n, maxPriorityFeePerGas: 8n }),
    now,
    onUpdates: () => undefined,
    onRefused: () => undefined,
  })
  return { fill, clock, bundles, store, sent }
}

test('a gap before bundles in flight is filled a block later, journaled, and once', async () => {
  const { fill, bundles, store, sent } = scene()
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

test('where no block comes, it is filled after five seconds', async () => {
  const { fill, clock, bundles, sent } = scene()
  bundles.set(testBundle(5, { executor: account.address }))
  await fill(testBlock(10))
  clock.now = 4_999
  await fill(testBlock(10))
  expect(sent).toEqual([])
  clock.now = 5_000
  await fill(testBlock(10))
  expect(sent).toEqual([4])
})

test('a transfer that is refused is tried again with the next block, not with the next poll', async () => {
  const { fill, bundles, sent } = scene({
    type: 'refused',
    cause: 'insufficientFunds',
    message: '',
  })
  bundles.set(testBundle(5, { executor: account.address }))
  for (const block of [10, 11, 11, 11, 12]) await fill(testBlock(block))
  expect(sent).toEqual([4, 4])
})
