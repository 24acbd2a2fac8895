import { defaultEntryPoint } from '@fabstir/erc4337'
import { expect, test } from 'vitest'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { testBlock, testBundle } from '../testing/bundle.ts'
import { readyOperations, testMempool, testReputation } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { recover } from './recover.ts'

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

  expect(await recover({ store, mempool, bundles, reputation })).toEqual({
    operations: 2,
    inFlight: 1,
  })
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
