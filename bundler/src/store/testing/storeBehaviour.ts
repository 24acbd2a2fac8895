import { entryPointAdapters } from '@fabstir/erc4337'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testAddress, testHash, testPooled } from '../../testing/pooledOperation.ts'
import { testDependencies } from '../../testing/validationRecord.ts'
import type { Bundle } from '../../types/bundle.ts'
import type { Inclusion } from '../../types/userOperationEvent.ts'
import type { Store } from '../store.ts'
import { WrongChainError } from '../store.ts'

const block = (number: number, fork = 0) => ({ number, hash: testHash(1_000 * fork + number) })

const inclusion = (n: number, at = block(10)): Inclusion => ({
  hash: testHash(n),
  transactionHash: testHash(n + 500),
  block: at,
  success: true,
  receipt: { userOpHash: testHash(n), logs: [] },
})

const bundle = (nonce: number, fields: Partial<Bundle> = {}): Bundle => ({
  id: `${testAddress(9)}:${nonce}`,
  entryPoint: testAddress(8),
  executor: testAddress(9),
  nonce,
  operations: [testHash(1)],
  transactions: [
    {
      hash: testHash(700 + nonce),
      raw: '0x02ff',
      maxFeePerGas: 2n ** 100n,
      maxPriorityFeePerGas: 1n,
      operations: [testHash(1)],
    },
  ],
  createdAt: 1_700_000_000_000,
  sentAtBlock: 9,
  ...fields,
})

/** What every `Store` must do. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`${name} store`, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    test('it gives back an operation as it was, with every field', async () => {
      const full = testPooled(
        1,
        {
          nonce: 2n ** 200n,
          factory: testAddress(2),
          factoryData: '0x1234',
          callData: '0xabcd',
          paymaster: testAddress(3),
          paymasterVerificationGasLimit: 2n ** 127n,
          paymasterPostOpGasLimit: 0n,
          paymasterData: '0x',
          paymasterSignature: '0x99',
          eip7702Auth: {
            chainId: 31_337,
            address: testAddress(4),
            nonce: 7,
            yParity: 1,
            r: testHash(5),
            s: testHash(6),
          },
        },
        {
          prefund: 2n ** 90n,
          validAfter: 5,
          validUntil: 2 ** 47,
          record: {
            staked: ['account', 'paymaster'],
            reads: [{ address: testAddress(5), slots: [testHash(6), testHash(7)] }],
            writes: [],
            dependencies: testDependencies(),
          },
        },
      )
      await store.commit([{ type: 'operationAdded', operation: full }])
      expect(await store.pendingOperations()).toEqual([full])
      expect(await store.findOperation(full.hash)).toEqual({ operation: full, state: 'pending' })
    })

    test.each(entryPointAdapters)(
      'it keeps the EntryPoint $version of an operation',
      async (entryPoint) => {
        await store.commit([
          { type: 'operationAdded', operation: testPooled(1, {}, { entryPoint }) },
        ])
        expect((await store.pendingOperations())[0]?.entryPoint).toBe(entryPoint)
      },
    )

    test('pending operations come in the order of their admission', async () => {
      await store.commit(
        [3, 1, 2].map((n) => ({ type: 'operationAdded', operation: testPooled(n) })),
      )
      const hashes = (await store.pendingOperations()).map(({ hash }) => hash)
      expect(hashes).toEqual([testHash(1), testHash(2), testHash(3)])
    })

    test('a replaced operation is dropped by the commit that adds its successor', async () => {
      await store.commit([{ type: 'operationAdded', operation: testPooled(1) }])
      await store.commit([
        { type: 'operationAdded', operation: testPooled(2), replaces: testHash(1) },
      ])
      expect((await store.pendingOperations()).map(({ hash }) => hash)).toEqual([testHash(2)])
      expect(await store.findOperation(testHash(1))).toMatchObject({
        state: 'dropped',
        reason: { rule: 'replaced' },
      })
    })

    test('a dropped operation keeps its reason', async () => {
      const reason = { rule: 'AA21', message: "didn't pay prefund", revertData: '0x01' } as const
      await store.commit([{ type: 'operationAdded', operation: testPooled(1) }])
      await store.commit([{ type: 'operationDropped', hash: testHash(1), reason }])
      expect(await store.pendingOperations()).toEqual([])
      expect(await store.findOperation(testHash(1))).toMatchObject({ state: 'dropped', reason })
    })

    test('an included operation is pending no more, and its receipt is found', async () => {
      await store.commit([{ type: 'operationAdded', operation: testPooled(1) }])
      await store.commit([{ type: 'operationIncluded', inclusion: inclusion(1) }])
      expect(await store.pendingOperations()).toEqual([])
      expect(await store.findInclusion(testHash(1))).toEqual(inclusion(1))
      expect(await store.inclusionsInBlock(block(10).hash)).toEqual([inclusion(1)])
      expect((await store.findOperation(testHash(1)))?.state).toBe('included')
    })

    test('an included operation cannot be dropped', async () => {
      const reason = { rule: 'AA21', message: "didn't pay prefund" }
      await store.commit([{ type: 'operationAdded', operation: testPooled(1) }])
      await store.commit([{ type: 'operationIncluded', inclusion: inclusion(1) }])
      await store.commit([{ type: 'operationDropped', hash: testHash(1), reason }])
      expect(await store.findOperation(testHash(1))).toEqual({
        operation: testPooled(1),
        state: 'included',
      })
    })

    test('an undone inclusion leaves no receipt and a pending operation', async () => {
      await store.commit([
        { type: 'operationAdded', operation: testPooled(1) },
        { type: 'operationIncluded', inclusion: inclusion(1) },
      ])
      await store.commit([{ type: 'inclusionUndone', hash: testHash(1) }])
      expect(await store.findInclusion(testHash(1))).toBeUndefined()
      expect(await store.inclusionsInBlock(block(10).hash)).toEqual([])
      expect(await store.pendingOperations()).toEqual([testPooled(1)])
    })

    test('undone and included again in one commit: the new block counts', async () => {
      await store.commit([
        { type: 'operationAdded', operation: testPooled(1) },
        { type: 'operationIncluded', inclusion: inclusion(1) },
      ])
      await store.commit([
        { type: 'inclusionUndone', hash: testHash(1) },
        { type: 'operationIncluded', inclusion: inclusion(1, block(10, 1)) },
      ])
      expect((await store.findInclusion(testHash(1)))?.block).toEqual(block(10, 1))
      expect(await store.inclusionsInBlock(block(10).hash)).toEqual([])
      expect(await store.pendingOperations()).toEqual([])
    })

    test('a bundle is kept with its transactions, overwritten by id, and removed', async () => {
      await store.commit([{ type: 'bundleSaved', bundle: bundle(0) }])
      expect(await store.bundles()).toEqual([bundle(0)])
      const settled = bundle(0, { settledIn: block(10) })
      await store.commit([{ type: 'bundleSaved', bundle: settled }])
      expect(await store.bundles()).toEqual([settled])
      await store.commit([{ type: 'bundleRemoved', id: settled.id }])
      expect(await store.bundles()).toEqual([])
    })

    test('a settled bundle is forgotten when no reorg can reach it, one in flight never', async () => {
      await store.commit([
        { type: 'bundleSaved', bundle: bundle(0, { settledIn: block(10) }) },
        { type: 'bundleSaved', bundle: bundle(1, { settledIn: block(11) }) },
        { type: 'bundleSaved', bundle: bundle(2) },
      ])
      await store.commit([{ type: 'headMoved', removed: [], added: [block(75)], keepFrom: 11 }])
      expect((await store.bundles()).map(({ nonce }) => nonce).sort()).toEqual([1, 2])
    })

    test('recorded blocks follow the chain through a reorg', async () => {
      const move = (removed: typeof added, added: { number: number; hash: `0x${string}` }[]) =>
        store.commit([{ type: 'headMoved', removed, added, keepFrom: 2 }])
      await move([], [block(1), block(2), block(3), block(4)])
      expect(await store.recentBlocks()).toEqual([block(2), block(3), block(4)])
      await move([block(3), block(4)], [block(3, 1)])
      expect(await store.recentBlocks()).toEqual([block(2), block(3, 1)])
    })

    test('clearPending forgets operations and bundles on their way, not receipts', async () => {
      await store.commit([
        { type: 'operationAdded', operation: testPooled(1) },
        { type: 'operationAdded', operation: testPooled(2) },
        { type: 'operationIncluded', inclusion: inclusion(2) },
        { type: 'bundleSaved', bundle: bundle(0) },
      ])
      await store.clearPending()
      expect(await store.pendingOperations()).toEqual([])
      expect(await store.bundles()).toEqual([])
      expect(await store.findInclusion(testHash(2))).toEqual(inclusion(2))
    })

    test('the last counters of an entity count, per EntryPoint, and one without a past is forgotten', async () => {
      const entry = (n: number, opsSeen: bigint, entryPoint = testAddress(8)) => ({
        entryPoint,
        address: testAddress(n),
        opsSeen,
        opsIncluded: 2n ** 70n,
        hour: 480_000,
      })
      const save = (...entries: ReturnType<typeof entry>[]) =>
        store.commit([{ type: 'reputationSaved', entries }])
      const other = entry(1, 7n, testAddress(7))
      await save(entry(1, 1n), entry(2, 5n), other)
      await save(entry(1, 10_000n), { ...entry(2, 0n), opsIncluded: 0n })
      const known = await store.reputations()
      expect(known).toHaveLength(2)
      expect(known).toEqual(expect.arrayContaining([entry(1, 10_000n), other]))
      await store.commit([{ type: 'reputationCleared' }])
      expect(await store.reputations()).toEqual([])
    })

    test('clearPending forgets no reputation', async () => {
      const banned = {
        entryPoint: testAddress(8),
        address: testAddress(1),
        opsSeen: 10_000n,
        opsIncluded: 0n,
        hour: 1,
      }
      await store.commit([{ type: 'reputationSaved', entries: [banned] }])
      await store.clearPending()
      expect(await store.reputations()).toEqual([banned])
    })

    test('a store belongs to the first chain it is bound to', async () => {
      const chain = { chainId: 1, genesisHash: testHash(1) }
      await store.bindChain(chain)
      await store.bindChain(chain)
      await expect(store.bindChain({ ...chain, chainId: 2 })).rejects.toThrow(WrongChainError)
      await expect(store.bindChain({ ...chain, genesisHash: testHash(2) })).rejects.toThrow(
        WrongChainError,
      )
    })

    test('commits that overlap do not disturb each other', async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          store.commit([{ type: 'operationAdded', operation: testPooled(n) }]),
        ),
      )
      expect(await store.pendingOperations()).toHaveLength(20)
    })

    test('check passes on a store that can be written', async () => {
      await expect(store.check()).resolves.toBeUndefined()
    })
  })
}
