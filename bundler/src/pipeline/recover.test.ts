import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { expect, test } from 'vitest'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { executorLoad } from '../submission/executorLoad.ts'
import { createExecutorPool } from '../submission/executorPool.ts'
import { testBlock, testBundle } from '../testing/bundle.ts'
import { readyOperations, testMempool, testReputation } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { recover } from './recover.ts'

const executorAt = (address: Address, confirmedNonce: number, bundles: BundleRegistry) =>
  createExecutorPool({
    executors: [
      {
        account: { address, signTransaction: () => Promise.reject(new Error('signs nothing')) },
        confirmedNonce,
      },
    ],
    maxInFlight: 4,
    load: (executor) => executorLoad(bundles, executor),
    now: () => 0,
  })

test('what a bundle carries is in flight with its nonce, the rest waits, settled bundles can be revived', async () => {
  const store = createMemoryStore()
  const [carried, waiting, dropped] = [1, 2, 3].map((n) =>
    testPooled(n, { sender: testAddress(n) }),
  ) as [ReturnType<typeof testPooled>, ReturnType<typeof testPooled>, ReturnType<typeof testPooled>]
  const inFlight = testBundle(5, { operations: [carried.hash] })
  const settled = testBundle(4, { operations: [testHash(9)], settledIn: testBlock(11) })
  const banned = {
    entryPoint: defaultEntryPoint.address,
    address: testAddress(7),
    opsSeen: 10_000n,
    opsIncluded: 0n,
    hour: 0,
  }
  await store.commit([
    ...[carried, waiting, dropped].map(
      (operation) => ({ type: 'operationAdded', operation }) as const,
    ),
    { type: 'operationDropped', hash: dropped.hash, reason: { rule: 'AA21', message: '' } },
    { type: 'bundleSaved', bundle: settled },
    { type: 'bundleSaved', bundle: inFlight },
    { type: 'reputationSaved', entries: [banned] },
  ])
  // More than an admission would take: what was acknowledged is taken up whatever the limits say.
  const mempool = testMempool({ maxOperations: 1 })
  const bundles = createBundleRegistry()
  const reputation = testReputation()
  // The node was asked at the start, and lagged: it had not seen the settled nonces.
  const executors = executorAt(inFlight.executor, 3, bundles)

  expect(await recover({ store, mempool, bundles, reputation, executors })).toEqual({
    operations: 2,
    inFlight: 1,
  })
  expect(executors.nextNonce(inFlight.executor)).toBe(6)
  expect(readyOperations(mempool, defaultEntryPoint.address).map(({ hash }) => hash)).toEqual([
    waiting.hash,
  ])
  expect(mempool.get(carried.hash)?.state).toBe('inFlight')
  expect(mempool.get(dropped.hash)).toBeUndefined()
  expect(bundles.carrierOf(carried.hash)).toEqual(inFlight)
  expect(bundles.inFlightOf(inFlight.executor)).toEqual([inFlight])
  expect(bundles.all()).toHaveLength(2)
  expect(reputation.status(defaultEntryPoint.address, testAddress(7))).toBe('banned')
})
