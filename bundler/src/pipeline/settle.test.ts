import { expect, test } from 'vitest'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { executorLoad } from '../submission/executorLoad.ts'
import { createExecutorPool } from '../submission/executorPool.ts'
import { testBlock, testBundle } from '../testing/bundle.ts'
import { testMempool, testReputation } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { settle } from './settle.ts'

/** Operation 1 was included in block 11 by nonce 5 of the executor. */
async function afterInclusion() {
  const store = createMemoryStore()
  const mempool = testMempool()
  const bundles = createBundleRegistry()
  const first = testPooled(1)
  const block = testBlock(11)
  const bundle = testBundle(5, { settledIn: { number: block.number, hash: block.hash } })
  const inclusion = {
    hash: first.hash,
    transactionHash: testHash(705),
    block: { number: block.number, hash: block.hash },
    success: true,
    receipt: {},
  }
  await store.commit([
    { type: 'operationAdded', operation: first },
    { type: 'operationIncluded', inclusion },
    { type: 'bundleSaved', bundle },
  ])
  bundles.set(bundle)
  const now = () => 0
  const executors = createExecutorPool({
    executors: [
      {
        account: { address: testAddress(9), signTransaction: () => Promise.reject(new Error()) },
        confirmedNonce: 6,
      },
    ],
    maxInFlight: 1,
    load: (address) => executorLoad(bundles, address),
    now,
  })
  const deps = {
    entryPoints: [first.entryPoint.address],
    reader: { request: async () => '0x5' },
    transactionCountAt: async () => 5,
    mempool,
    reputation: testReputation({ now }),
    store,
    bundles,
    executors,
    onUpdates: () => undefined,
  }
  const fork = testBlock(11, {}, 1)
  const reorg = { head: fork, removed: [block], added: [fork], logs: [] }
  return { deps, store, mempool, bundles, executors, first, reorg }
}

test('after a reorg the operation is pending again, carried by its old nonce', async () => {
  const { deps, store, mempool, bundles, executors, first, reorg } = await afterInclusion()
  await settle(deps, reorg)
  expect(mempool.get(first.hash)?.state).toBe('inFlight')
  expect(bundles.carrierOf(first.hash)).toMatchObject({ nonce: 5 })
  expect(await store.findInclusion(first.hash)).toBeUndefined()
  expect(executors.acquire()).toBeUndefined()
})

test('an operation that was admitted on the fork with the same nonce is dropped with a reason, not lost', async () => {
  const { deps, store, mempool, first, reorg } = await afterInclusion()
  const second = testPooled(2)
  mempool.add(second)
  await store.commit([{ type: 'operationAdded', operation: second }])
  await settle(deps, reorg)
  expect([...mempool.entries()].map(({ hash }) => hash)).toEqual([first.hash])
  expect(await store.findOperation(second.hash)).toMatchObject({
    state: 'dropped',
    reason: { rule: 'replaced' },
  })
  expect((await store.pendingOperations()).map(({ hash }) => hash)).toEqual([first.hash])
})
