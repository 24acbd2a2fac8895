import { encodeAbiParameters, padHex, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import type { RpcTransactionReceipt } from '../chain/block.ts'
import { ChainError } from '../chain/reader.ts'
import { userOperationEventTopic } from '../receipts/userOperationEvent.ts'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { createBundleRegistry } from '../submission/bundleRegistry.ts'
import { testBundle } from '../testing/bundle.ts'
import { poolOf } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { findReceipt, findStatus } from './lookup.ts'
import { createPreconfirmations } from './preconfirmations.ts'

const entryPoint = testAddress(8)
const operation = testPooled(1)
const { hash } = operation
const bundle = testBundle(3, { operations: [hash, testHash(2)] })
const [first] = bundle.transactions
const transactionHash = first?.hash ?? zeroHash
const words = [{ type: 'uint256' }, { type: 'bool' }, { type: 'uint256' }, { type: 'uint256' }]

function receipt(
  operations = bundle.operations,
  fields: Partial<RpcTransactionReceipt> = {},
): RpcTransactionReceipt {
  const place = { blockHash: testHash(100), blockNumber: '0xb', transactionHash } as const
  return {
    ...place,
    status: '0x1',
    logs: operations.map((userOpHash, index) => ({
      ...place,
      address: entryPoint,
      topics: [userOperationEventTopic, userOpHash, padHex(testAddress(1)), zeroHash],
      data: encodeAbiParameters(words, [0n, true, 1_000n, 50n]),
      transactionIndex: '0x0',
      logIndex: `0x${index.toString(16)}`,
    })),
    ...fields,
  }
}

/** A bundle in flight at a node that answers with `node.answer`, an error or a receipt. */
function scene() {
  const clock = { now: 1_000 }
  const node: { answer: unknown; asked: unknown[][] } = { answer: null, asked: [] }
  const bundles = createBundleRegistry()
  bundles.set(bundle)
  const reader = {
    async request(method: string, params: unknown[]) {
      node.asked.push([method, ...params])
      if (node.answer instanceof Error) throw node.answer
      return node.answer
    },
  }
  const findPreconfirmation = createPreconfirmations({
    reader,
    bundles,
    entryPoints: [entryPoint],
    maxAgeMs: 50,
    now: () => clock.now,
  })
  const lookup = {
    chainId: 31_337,
    reader,
    mempool: poolOf(operation),
    store: createMemoryStore(),
    bundles,
    findInclusionOnChain: async () => undefined,
    findPreconfirmation,
  }
  return { clock, node, bundles, lookup, findPreconfirmation }
}

describe('preconfirmations', () => {
  test('an operation in flight has a receipt before its block is sealed, and none when that vanishes', async () => {
    const { clock, node, lookup } = scene()
    expect(await findReceipt(lookup, hash)).toBeUndefined()
    expect(await findStatus(lookup, hash)).toEqual({ status: 'submitted', transactionHash })
    clock.now += 50
    node.answer = receipt()
    const found = await findReceipt(lookup, hash)
    expect(found).toMatchObject({ userOpHash: hash, success: true, preconfirmed: true })
    expect(found?.logs).toHaveLength(1)
    expect(await findStatus(lookup, hash)).toEqual({
      status: 'submitted',
      transactionHash,
      preconfirmed: true,
    })
    // Nothing of it is kept.
    expect(await lookup.store.findInclusion(hash)).toBeUndefined()
    expect(lookup.mempool.get(hash)).toBeDefined()
    clock.now += 50
    node.answer = null
    expect(await findReceipt(lookup, hash)).toBeUndefined()
    expect(await findStatus(lookup, hash)).toEqual({ status: 'submitted', transactionHash })
  })

  test('who asks at once, or soon, shares one request', async () => {
    const { clock, node, findPreconfirmation } = scene()
    node.answer = receipt()
    const found = await Promise.all([hash, testHash(2), hash].map(findPreconfirmation))
    clock.now += 49
    await findPreconfirmation(hash)
    expect(found.map((one) => one?.hash)).toEqual([hash, testHash(2), hash])
    expect(node.asked).toEqual([['eth_getTransactionReceipt', transactionHash]])
    clock.now += 1
    await findPreconfirmation(hash)
    expect(node.asked).toHaveLength(2)
  })

  test('a slow node is not asked again before it has answered', async () => {
    const { clock, node, findPreconfirmation } = scene()
    const slow = Promise.withResolvers<RpcTransactionReceipt>()
    node.answer = slow.promise
    const early = findPreconfirmation(hash)
    clock.now += 5_000
    const late = findPreconfirmation(hash)
    slow.resolve(receipt())
    expect(await early).toEqual(await late)
    expect(node.asked).toHaveLength(1)
  })

  test('the node is asked for operations in flight only', async () => {
    const { node, bundles, findPreconfirmation } = scene()
    expect(await findPreconfirmation(testHash(5))).toBeUndefined()
    bundles.set({ ...bundle, settledIn: { number: 11, hash: testHash(100) } })
    expect(await findPreconfirmation(hash)).toBeUndefined()
    expect(node.asked).toEqual([])
  })

  test('of a replaced bundle, the transaction counts that is in the block', async () => {
    const { node, bundles, findPreconfirmation } = scene()
    const replacement = { ...bundle.transactions[0], hash: testHash(900), operations: [hash] }
    bundles.set({
      ...bundle,
      transactions: [...bundle.transactions, { ...testBundle(4).transactions[0], ...replacement }],
    } as typeof bundle)
    node.answer = receipt()
    await findPreconfirmation(testHash(2))
    expect(node.asked).toHaveLength(1)
    expect(await findPreconfirmation(hash)).toMatchObject({ transactionHash })
    expect(node.asked).toHaveLength(2)
  })

  test.each([
    { name: 'reverted', answer: receipt([], { status: '0x0' }) },
    { name: 'carries another operation', answer: receipt([testHash(2)]) },
    { name: 'is in no block', answer: { ...receipt(), blockNumber: null } },
    { name: 'the node does not know', answer: new ChainError('m', -32_000, 'no receipt') },
    {
      name: 'the node does not tell',
      answer: new RpcError(rpcErrorCode.nodeUnavailable, 'the node went away'),
    },
  ])('a transaction that $name preconfirms nothing', async ({ answer }) => {
    const { node, lookup } = scene()
    node.answer = answer
    expect(await findReceipt(lookup, hash)).toBeUndefined()
    expect(await findStatus(lookup, hash)).toEqual({ status: 'submitted', transactionHash })
  })
})
