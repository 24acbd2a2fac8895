import { defaultEntryPoint } from '@fabstir/erc4337'
import { expect, test } from 'vitest'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { readyOperations, testMempool, testReputation } from '../testing/pool.ts'
import { testAddress, testOperation } from '../testing/pooledOperation.ts'
import { injectOperations } from './inject.ts'

function injector() {
  const store = createMemoryStore()
  const mempool = testMempool()
  const reputation = testReputation()
  const deps = { chainId: 1, mempool, reputation, store, maxOperations: 3, now: () => 1 }
  const inject = (...ops: ReturnType<typeof testOperation>[]) =>
    injectOperations(deps, ops, defaultEntryPoint)
  const hashOf = (op: ReturnType<typeof testOperation>) => defaultEntryPoint.hash(op, 1)
  return { inject, hashOf, mempool, store, reputation }
}
const paymaster = testAddress(7)
const of = (n: number, fields: Parameters<typeof testOperation>[0] = {}) =>
  testOperation({ sender: testAddress(n), ...fields })

test('operations are in pool and journal, ready, with their prefund, and seen', async () => {
  const { inject, mempool, store, reputation } = injector()
  await inject(of(1, { paymaster }), of(2))
  expect(readyOperations(mempool, defaultEntryPoint.address)).toHaveLength(2)
  expect(await store.pendingOperations()).toHaveLength(2)
  expect(mempool.reservedDeposit(defaultEntryPoint.address, paymaster)).toBe(
    defaultEntryPoint.requiredPrefund(of(1, { paymaster })),
  )
  expect(reputation.entries(defaultEntryPoint.address)).toMatchObject([
    { address: paymaster, opsSeen: 1n },
  ])
})

test('one that is known stays, one with the same nonce takes the place', async () => {
  const { inject, hashOf, mempool, store } = injector()
  await inject(of(1), of(2))
  const next = of(2, { callData: '0x12' })
  await inject(of(1), next, next)
  expect([...mempool.entries()].map(({ hash }) => hash)).toEqual([hashOf(of(1)), hashOf(next)])
  expect(await store.findOperation(hashOf(of(2)))).toMatchObject({ reason: { rule: 'replaced' } })
})

test('all of them or none', async () => {
  const { inject, hashOf, mempool, store } = injector()
  await inject(of(1))
  mempool.setState([hashOf(of(1))], 'inFlight')
  const replacement = of(1, { callData: '0x12' })
  await expect(inject(of(2), replacement)).rejects.toMatchObject({
    code: -32602,
    data: { rule: 'replacementInFlight' },
  })
  await expect(inject(of(2), of(3), of(4))).rejects.toMatchObject({ data: { rule: 'mempoolFull' } })
  expect(mempool.size()).toBe(1)
  expect(await store.pendingOperations()).toHaveLength(1)
})
