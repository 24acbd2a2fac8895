import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { testBlock, testBundle } from '../testing/bundle.ts'
import { testMempool } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import type { DropReason } from '../types/operationUpdate.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'
import { explain } from './explain.ts'

const hash = testHash(1)

function scene(
  parts: {
    baseFeePerGas?: bigint
    rejection?: DropReason
    onChain?: Inclusion
    preconfirmed?: Inclusion
  } = {},
) {
  const mempool = testMempool()
  const store = createMemoryStore()
  const bundles = createBundleRegistry()
  const ask = () =>
    explain(
      {
        chainId: 31_337,
        reader: { request: () => Promise.reject(new Error('the node is not asked')) },
        mempool,
        store,
        bundles,
        findInclusionOnChain: async () => parts.onChain,
        findPreconfirmation: async () => parts.preconfirmed,
        history: { find: () => undefined },
        findRejection: () => parts.rejection,
        waitingContext: () => ({
          head: testBlock(20, { baseFeePerGas: parts.baseFeePerGas ?? 10n }),
          before: undefined,
          nextNonce: undefined,
          mode: 'auto',
          executors: { total: 1, busy: 0 },
          boosted: false,
        }),
      },
      hash,
    )
  return { mempool, store, bundles, ask }
}

describe('explain', () => {
  test.each([
    { baseFeePerGas: 20n, rule: 'awaitingBlock' },
    { baseFeePerGas: 21n, rule: 'bundleBelowBaseFee' },
  ])('in a bundle that pays 20 at a base fee of $baseFeePerGas: $rule', async (given) => {
    const { mempool, bundles, ask } = scene(given)
    mempool.restore(testPooled(1))
    bundles.set(testBundle(3))
    expect(await ask()).toMatchObject({
      stage: 'submitted',
      rule: given.rule,
      transactionHash: testHash(703),
      numbers: { maxFeePerGas: 20n, baseFeePerGas: given.baseFeePerGas, headBlock: 20 },
    })
  })

  test.each([
    { success: true, message: 'it is executed in block 21, which' },
    { success: false, message: 'it is included, but its execution reverted, in block 21, which' },
  ])('in a block that is not sealed yet, success $success', async ({ success, message }) => {
    const block = { number: 21, hash: testHash(21) }
    const preconfirmed = { hash, transactionHash: testHash(704), block, success, receipt: {} }
    const { mempool, bundles, ask } = scene({ preconfirmed })
    mempool.restore(testPooled(1))
    bundles.set(testBundle(3))
    expect(await ask()).toMatchObject({
      stage: 'preconfirmed',
      rule: 'awaitingSeal',
      message: expect.stringContaining(message),
      transactionHash: testHash(704),
      numbers: { blockNumber: 21 },
    })
  })

  test('a dropped one names the entity that its code accuses', async () => {
    const { store, ask } = scene()
    const operation = testPooled(1, { paymaster: testAddress(3) })
    const reason = { rule: 'AA33', message: 'reverted', revertData: '0x12' } as const
    await store.commit([
      { type: 'operationAdded', operation },
      { type: 'operationDropped', hash, reason },
    ])
    expect(await ask()).toMatchObject({
      stage: 'dropped',
      ...reason,
      entity: 'paymaster',
      address: testAddress(3),
    })
  })

  const included = (success: boolean): Inclusion => ({
    hash,
    transactionHash: testHash(9),
    block: { number: 7, hash: testHash(8) },
    success,
    receipt: success ? {} : { reason: 'too late', revertData: '0xdead' },
  })

  test('one that reverted says why, also when others included it', async () => {
    expect(await scene({ onChain: included(false) }).ask()).toMatchObject({
      stage: 'reverted',
      rule: 'executionReverted',
      revertData: '0xdead',
      message: expect.stringContaining('too late'),
      transactionHash: testHash(9),
    })
    expect(await scene({ onChain: included(true) }).ask()).toMatchObject({ stage: 'included' })
  })

  test('what was refused is said last: anybody can have the hash of a good operation refused', async () => {
    const rejection = { rule: 'AA24', message: 'signature error' }
    const { mempool, ask } = scene({ rejection })
    expect(await ask()).toMatchObject({ stage: 'rejected', ...rejection })
    mempool.restore(testPooled(1))
    expect(await ask()).toMatchObject({ stage: 'waiting', rule: 'nextBundle' })
    const known = scene({ rejection, onChain: included(true) })
    expect(await known.ask()).toMatchObject({ stage: 'included' })
  })

  test('of one that nobody knows it says so', async () => {
    expect(await scene().ask()).toMatchObject({ stage: 'unknown', history: [] })
  })
})
