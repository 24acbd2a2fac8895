import { entitiesOf } from '@fabstir/erc4337'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testMempool } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { RpcError } from '../types/rpcError.ts'
import type { EntryState, Mempool } from './mempool.ts'
import { effectiveGasPrice } from './ordering.ts'

const entryPoint = testPooled(0).entryPoint.address
const MAX = 6

const small = (max: number) => fc.integer({ min: 0, max })
const operation = fc
  .record({
    sender: small(1),
    key: fc.constantFrom(0, 0, 0, 1),
    sequence: small(3),
    paymaster: fc.option(small(2)),
    factory: fc.option(small(4), { freq: 4 }),
    fee: small(40),
    prefund: small(20),
  })
  .map(({ sender, key, sequence, paymaster, factory, fee, prefund }) => ({
    op: {
      sender: testAddress(sender),
      nonce: (BigInt(key) << 64n) + BigInt(sequence),
      maxFeePerGas: BigInt(fee),
      maxPriorityFeePerGas: BigInt(fee),
      ...(paymaster !== null && { paymaster: testAddress(10 + paymaster) }),
      // Some of them are senders as well.
      ...(factory !== null && { factory: testAddress(factory) }),
    },
    prefund: BigInt(prefund),
  }))

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('add' as const), operation, ahead: small(2) }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('restore' as const), operation }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('remove' as const), which: small(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('state' as const),
      which: small(20),
      state: fc.constantFrom<EntryState>('waiting', 'deferred', 'inFlight'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('wake' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('used' as const), sender: small(1), nonce: small(3) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('rank' as const),
      baseFee: fc.constantFrom(0, 0, 0, 20),
    }),
  },
)

test('whatever happens to a pool, its counters equal a scan and its order holds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pool = testMempool({ maxOperations: MAX })
      let added = 0
      let unbounded = 0
      for (const each of steps) {
        const all = [...pool.entries()]
        switch (each.type) {
          case 'add': {
            const { op, prefund } = each.operation
            const before = all.map(({ hash }) => hash)
            try {
              pool.add(testPooled(++added, op, { prefund }), {
                deposit: 60n,
                noncesAhead: BigInt(each.ahead),
              })
              pool.setState([testHash(added)], 'waiting')
            } catch (error) {
              expect(error).toBeInstanceOf(RpcError)
              expect([...pool.entries()].map(({ hash }) => hash)).toEqual(before)
            }
            break
          }
          case 'restore':
            pool.restore(
              testPooled(++added, each.operation.op, { prefund: each.operation.prefund }),
            )
            unbounded += 1
            break
          case 'remove':
            pool.remove(all[each.which % (all.length || 1)]?.hash ?? testHash(0))
            break
          case 'state':
            pool.setState([all[each.which % (all.length || 1)]?.hash ?? testHash(0)], each.state)
            break
          case 'wake':
            pool.wakeDeferred()
            break
          case 'used':
            pool.nonceUsed(entryPoint, testAddress(each.sender), BigInt(each.nonce))
            break
          case 'rank':
            checkRanking(pool, BigInt(each.baseFee))
        }
        checkCounters(pool)
        expect(pool.size()).toBeLessThanOrEqual(MAX + unbounded)
      }
      checkRanking(pool, 0n)
    }),
    { numRuns: 500 },
  )
})

function checkCounters(pool: Mempool) {
  const all = [...pool.entries()]
  const slots = all.map(({ op }) => `${op.sender}:${op.nonce}`)
  expect(new Set(slots).size).toBe(all.length)
  for (let n = 0; n < 14; n++) {
    const address = testAddress(n)
    const having = all.filter(({ op }) => Object.values(entitiesOf(op)).includes(address))
    expect(new Set(pool.withEntity(entryPoint, address))).toEqual(new Set(having))
    const reserved = all
      .filter(({ op }) => op.paymaster === address)
      .reduce((sum, { prefund }) => sum + prefund, 0n)
    expect(pool.reservedDeposit(entryPoint, address)).toBe(reserved)
  }
}

/** Takes everything that is offered: never a nonce before its predecessor, never a better payer later. */
function checkRanking(pool: Mempool, baseFee: bigint) {
  const ranking = pool.ranking(entryPoint, baseFee)
  const offered = new Set<string>()
  const free = new Set(ready(pool))
  for (let entry = ranking.next(); entry; entry = ranking.next()) {
    const { hash, op } = entry
    expect(offered).not.toContain(hash)
    offered.add(hash)
    expect(free).toContain(entry)
    free.delete(entry)
    const price = effectiveGasPrice(op, baseFee)
    for (const other of free)
      expect(effectiveGasPrice(other.op, baseFee)).toBeLessThanOrEqual(price)
    ranking.take(entry)
    const next = pool.occupantOf({ ...entry, op: { ...op, nonce: op.nonce + 1n } })
    if (next?.state === 'waiting') free.add(next)
  }
  ranking.close()
  expect(free.size).toBe(0)
}

/** By definition: of each sender and key the lowest nonce, if it waits and the chain accepts it next. */
function ready(pool: Mempool) {
  const all = [...pool.entries()]
  return all.filter((entry) => {
    const { op, state } = entry
    const next = pool.nextNonce(entry)
    const isFirst = !all.some(
      (other) =>
        other.op.sender === op.sender &&
        other.op.nonce >> 64n === op.nonce >> 64n &&
        other.op.nonce < op.nonce,
    )
    return state === 'waiting' && isFirst && (next === undefined || op.nonce <= next)
  })
}
