import type { Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { HandleOps } from '../testing/driverNode.ts'
import { failedOp } from '../testing/driverNode.ts'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import { payingOperation as operation, testProducer as producer } from '../testing/producer.ts'

describe('an operation that fails', () => {
  const fails = (n: number, when: (others: number) => boolean): HandleOps => {
    return (senders) => {
      const index = senders.indexOf(testAddress(n))
      const others = senders.length - 1
      return index >= 0 && when(others)
        ? failedOp(index, 'AA26 over verificationGasLimit')
        : undefined
    }
  }

  test('in company only is kept and gets a bundle of its own, from the next block on', async () => {
    const { run, mempool, call } = producer(
      [operation(1, 100n), operation(2, 90n), operation(3, 80n)],
      () => ({ type: 'accepted' }),
      1,
      { maxInFlight: 2 },
    )
    call.handleOps = fails(2, (others) => others > 0)
    const [first] = await run()
    expect(first?.operations).toEqual([testHash(1), testHash(3)])
    expect(mempool.get(testHash(2))).toMatchObject({ state: 'deferred', suspect: true })
    expect(await run()).toEqual([])
    mempool.wakeDeferred()
    const [second] = await run()
    expect(second).toMatchObject({ operations: [testHash(2)], nonce: 1 })
    expect(call.left).toBe(0)
  })

  test('alone is dropped, and the others are sent without it', async () => {
    const { run, mempool, call } = producer([operation(1, 100n), operation(2, 90n)], () => ({
      type: 'accepted',
    }))
    call.handleOps = fails(1, () => true)
    const [bundle] = await run()
    expect(bundle?.operations).toEqual([testHash(2)])
    expect(mempool.get(testHash(1))).toBeUndefined()
  })
})

describe('who is in a block already', () => {
  const drained: HandleOps = (senders) =>
    senders.includes(testAddress(1)) ? failedOp(0, "AA21 didn't pay prefund") : undefined

  test('one that was drained by its own inclusion waits until the block is settled', async () => {
    const { run, mempool, call } = producer([operation(1, 100n)], () => ({ type: 'accepted' }))
    call.handleOps = drained
    call.unsettled = [testHash(1)]
    await run()
    expect(mempool.get(testHash(1))?.state).toBe('deferred')
    call.unsettled = []
    mempool.wakeDeferred()
    await run()
    expect(mempool.get(testHash(1))).toBeUndefined()
  })

  test('a block that is settled while a failure is judged goes before it', async () => {
    const { run, mempool, store, call, updates } = producer([operation(1, 100n)], () => ({
      type: 'accepted',
    }))
    await store.commit([{ type: 'operationAdded', operation: operation(1, 100n) }])
    call.handleOps = drained
    call.meanwhile = async () => {
      const block = { number: 11, hash: testHash(11) }
      const inclusion = { hash: testHash(1), transactionHash: testHash(2), block, success: true }
      await store.commit([{ type: 'operationIncluded', inclusion: { ...inclusion, receipt: {} } }])
      mempool.remove(testHash(1))
    }
    await run()
    expect(updates).toEqual([])
    expect(await store.findOperation(testHash(1))).toMatchObject({ state: 'included' })
  })
})

describe('profit', () => {
  test.each([
    { name: 'for gas', yields: { paid: 1_000n } },
    { name: 'for the data on a rollup', yields: { dataFee: 10n ** 9n } },
  ])(
    'a bundle that costs the executor more $name than it brings is not sent, and waits',
    async ({ yields }) => {
      const { run, mempool, call, bundles } = producer([operation(1, 100n)], () => ({
        type: 'accepted',
      }))
      Object.assign(call, yields)
      expect(await run()).toEqual([])
      expect(mempool.get(testHash(1))?.state).toBe('deferred')
      expect(bundles.all()).toEqual([])
    },
  )

  test('who pays well and loses does not hold up the others', async () => {
    const all = [1, 2, 3, 4, 5].map((n) => {
      const pooled = operation(n, 200n - BigInt(n))
      return { ...pooled, op: { ...pooled.op, paymaster: testAddress(9) } }
    })
    const { run, mempool, call } = producer(all, () => ({ type: 'accepted' }), 1, {
      maxInFlight: 5,
    })
    call.paid = (sender) => (sender === testAddress(1) ? 0n : 127_000n * 200n)
    const sent: Hex[] = []
    for (let look = 0; look < 5; look++) {
      for (const { operations } of await run()) sent.push(...operations)
    }
    expect(sent.map(Number).toSorted()).toEqual([2, 3, 4, 5])
    expect(mempool.get(testHash(1))?.state).toBe('deferred')
  })

  test.each([
    { pays: 'its sender', paymaster: undefined, sent: 1 },
    { pays: 'a paymaster', paymaster: testAddress(9), sent: 0 },
  ])('what $pays pays short of a refund is a loss: $sent sent', async ({ paymaster, sent }) => {
    const pooled = operation(1, 100n)
    const op = { ...pooled.op, ...(paymaster && { paymaster }) }
    const { run, call } = producer([{ ...pooled, op }], () => ({ type: 'accepted' }))
    // The transaction uses some 127,000 gas before the refund of 19,900.
    call.paid = 118_000n * 100n
    expect(await run()).toHaveLength(sent)
  })
})
