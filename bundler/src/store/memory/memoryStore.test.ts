import { expect, test } from 'vitest'
import { testHash, testPooled } from '../../testing/pooledOperation.ts'
import { describeStore } from '../testing/storeBehaviour.ts'
import { createMemoryStore } from './memoryStore.ts'

describeStore('memory', async () => createMemoryStore())

test('it forgets the oldest finished operations, but no inclusion that a reorg can undo', async () => {
  const store = createMemoryStore({ maxFinished: 2 })
  const includedIn = (n: number, number: number) => ({
    type: 'operationIncluded' as const,
    inclusion: {
      hash: testHash(n),
      transactionHash: testHash(100 + n),
      block: { number, hash: testHash(200 + number) },
      success: true,
      receipt: {},
    },
  })
  for (const n of [1, 2, 3, 4, 5]) {
    await store.commit([{ type: 'operationAdded', operation: testPooled(n) }])
  }
  await store.commit([
    { type: 'operationDropped', hash: testHash(1), reason: { rule: 'AA21', message: '' } },
    includedIn(2, 10),
    includedIn(3, 11),
    includedIn(4, 12),
  ])
  const known = async () => {
    const found = await Promise.all([1, 2, 3, 4, 5].map((n) => store.findOperation(testHash(n))))
    return found.flatMap((operation, index) => (operation ? [index + 1] : []))
  }
  await store.commit([{ type: 'headMoved', removed: [], added: [], keepFrom: 10 }])
  expect(await known()).toEqual([2, 3, 4, 5])
  await store.commit([{ type: 'headMoved', removed: [], added: [], keepFrom: 12 }])
  expect(await known()).toEqual([3, 4, 5])
  expect(await store.findInclusion(testHash(2))).toBeUndefined()
  expect(await store.inclusionsInBlock(testHash(210))).toEqual([])
  expect((await store.pendingOperations()).map(({ hash }) => hash)).toEqual([testHash(5)])
})
