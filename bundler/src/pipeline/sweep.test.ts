import { defaultEntryPoint } from '@fabstir/erc4337'
import { describe, expect, test, vi } from 'vitest'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { testBlock } from '../testing/bundle.ts'
import { testMempool, testReputation } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { createSweeper } from './sweep.ts'

const entryPoint = defaultEntryPoint.address
const paymaster = testAddress(7)

/** A sweeper over a pool with `operations`, all of them journaled. */
async function sweeper(...operations: PooledOperation[]) {
  const store = createMemoryStore()
  const mempool = testMempool()
  const reputation = testReputation()
  const clock = { now: 1_000 }
  const onUpdates = vi.fn()
  for (const operation of operations) mempool.restore(operation)
  await store.commit(operations.map((operation) => ({ type: 'operationAdded', operation })))
  const journal = { commit: store.commit }
  const sweep = createSweeper({
    entryPoints: [entryPoint],
    mempool,
    reputation,
    store: { commit: (changes) => journal.commit(changes) },
    operationTtlMs: 100,
    now: () => clock.now,
    onUpdates,
  })
  const left = () => [...mempool.entries()].map(({ hash }) => Number(hash))
  return { sweep, store, mempool, reputation, clock, onUpdates, journal, left }
}

const of = (n: number, op: Parameters<typeof testPooled>[1] = {}, fields = {}) =>
  testPooled(n, { sender: testAddress(n), ...op }, { addedAt: 1_000, ...fields })
const counters = (opsSeen: bigint, address = paymaster) => [
  { entryPoint, address, opsSeen, opsIncluded: 0n, hour: 0 },
]

describe('sweep', () => {
  test('what ran out of time leaves pool and journal, with the reason', async () => {
    const late = testBlock(10).timestamp - 1
    const parts = await sweeper(of(1, {}, { validUntil: late }), of(2, {}, { addedAt: 899 }), of(3))
    await parts.sweep(testBlock(10))
    expect(parts.left()).toEqual([3])
    const reason = { rule: 'expired', message: expect.stringContaining('time ran out') }
    expect(await parts.store.findOperation(testHash(2))).toMatchObject({ state: 'dropped', reason })
    expect(parts.onUpdates).toHaveBeenCalledWith([
      { type: 'dropped', hash: testHash(1), reason },
      { type: 'dropped', hash: testHash(2), reason },
    ])
  })

  test('what is included while its end is journaled is not reported as dropped', async () => {
    const parts = await sweeper(of(1, {}, { addedAt: 899 }))
    const commit = parts.journal.commit
    parts.journal.commit = async (changes) => {
      parts.mempool.remove(testHash(1))
      await commit(changes)
    }
    await parts.sweep(testBlock(10))
    expect(parts.onUpdates).not.toHaveBeenCalled()
  })

  test('[GREP-010] operations of a banned entity leave, those on their way when they come back', async () => {
    const record = { staked: ['account'] as const }
    const parts = await sweeper(of(1, { paymaster }, { record }), of(2, { paymaster }), of(3))
    parts.mempool.setState([testHash(2)], 'inFlight')
    parts.reputation.set([...counters(510n), ...counters(5n, testAddress(1))])
    await parts.sweep(testBlock(10))
    expect(parts.left()).toEqual([2, 3])
    expect(await parts.store.findOperation(testHash(1))).toMatchObject({
      reason: { rule: 'GREP-010', message: `${paymaster} is banned` },
    })
    // The sender is as if it had not been seen, the paymaster stays as it is.
    expect(parts.reputation.entries(entryPoint)).toMatchObject([
      { address: paymaster, opsSeen: 510n },
      { address: testAddress(1), opsSeen: 4n },
    ])
    parts.mempool.setState([testHash(2)], 'waiting')
    await parts.sweep(testBlock(10))
    expect(parts.left()).toEqual([3])
  })

  test('[GREP-020] operations of a throttled entity stay for ten blocks', async () => {
    const parts = await sweeper(of(1, { paymaster }))
    parts.mempool.add(of(2, { paymaster }), { deposit: 10n ** 18n, block: 103 })
    parts.mempool.setState([testHash(2)], 'waiting')
    parts.reputation.set(counters(110n))
    // The block of the one from the journal is not known: it counts from the first one seen.
    for (const [block, left] of [
      [100, [1, 2]],
      [109, [1, 2]],
      [110, [2]],
      [112, [2]],
      [113, []],
    ] as const) {
      await parts.sweep(testBlock(block))
      expect(parts.left()).toEqual(left)
    }
  })

  test('reputation is journaled once for each change', async () => {
    const parts = await sweeper()
    parts.reputation.apply(entryPoint, [{ address: paymaster, effect: 'ban' }])
    await parts.sweep(testBlock(10))
    expect(await parts.store.reputations()).toEqual(counters(10_000n))
    const commit = vi.spyOn(parts.journal, 'commit')
    await parts.sweep(testBlock(11))
    expect(commit).toHaveBeenCalledWith([])
  })

  test('while it is journaled, what leaves cannot be bundled', async () => {
    const parts = await sweeper(of(1, { paymaster }))
    parts.reputation.set(counters(510n))
    const gate = Promise.withResolvers<void>()
    parts.journal.commit = () => gate.promise
    const swept = parts.sweep(testBlock(10))
    expect(parts.mempool.ranking(entryPoint, 0n).next()).toBeUndefined()
    gate.resolve()
    await swept
    expect(parts.left()).toEqual([])
  })

  test('when the journal fails nothing has changed, and the next sweep does it all', async () => {
    const parts = await sweeper(of(1, { paymaster }))
    parts.reputation.set(counters(510n))
    const { commit } = parts.journal
    parts.journal.commit = () => Promise.reject(new Error('disk full'))
    await expect(parts.sweep(testBlock(10))).rejects.toThrow('disk full')
    expect(parts.mempool.get(testHash(1))?.state).toBe('waiting')
    parts.journal.commit = commit
    await parts.sweep(testBlock(10))
    expect(parts.left()).toEqual([])
    expect(await parts.store.reputations()).toEqual(counters(510n))
  })
})
