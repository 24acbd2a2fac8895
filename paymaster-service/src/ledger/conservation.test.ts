import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  block,
  cap,
  chainId,
  changes,
  charge,
  hash,
  request,
  signed,
  start,
  terms,
} from '../testing/ledgerFixtures.ts'
import type { TestLedger } from '../testing/ledgers.ts'
import { ledgerOf, onEveryStore, onPostgres, openTestLedger } from '../testing/ledgers.ts'
import { ledgerSteps, walk } from '../testing/ledgerWalk.ts'

const title =
  'budget = free + reserved + settled, in wei, USD and count, within every cap, through changes, charges, expiry, reorganisations and restarts'

onEveryStore((ledger) => {
  test(title, async () => {
    await fc.assert(
      fc.asyncProperty(ledgerSteps, async (steps) => {
        await ledger().empty()
        await walk([ledger()], steps)
      }),
      { numRuns: 40 },
    )
  }, 300_000)
})

describe('two instances on one database', () => {
  onPostgres((location) => {
    const one = ledgerOf(location)
    let two: TestLedger
    beforeEach(async () => {
      two = await openTestLedger(location())
    })
    afterEach(() => two.store.close())

    test(title, async () => {
      await fc.assert(
        fc.asyncProperty(ledgerSteps, async (steps) => {
          await one().empty()
          await walk([one(), two], steps)
        }),
        { numRuns: 25 },
      )
    }, 300_000)

    test('200 at once against a budget for 100 reserve exactly 100, whichever is asked', async () => {
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          (i % 2 ? one() : two).reserve(request({ id: hash(i), nonce: BigInt(i), amount: 10n })),
        ),
      )
      expect(results.filter(({ kind }) => kind === 'reserved')).toHaveLength(100)
      expect(await two.budget(terms(), start)).toMatchObject({ reserved: 1_000n, operations: 100 })
    })

    test('one operation asked of both at once is reserved once and has one signature', async () => {
      for (let nonce = 0n; nonce < 20n; nonce++) {
        const asked = request({ id: hash(nonce), nonce, amount: 10n })
        const both = [one(), two] as const
        await Promise.all(both.map((ledger) => ledger.reserve(asked)))
        const signatures = await Promise.all(
          both.map((ledger, index) =>
            ledger.keepSignature({
              key: asked,
              id: asked.id,
              window: asked.window,
              signature: `0x5${index}`,
              userOpHashes: [hash(7)],
            }),
          ),
        )
        expect(new Set(signatures).size).toBe(1)
      }
      expect(await one().budget(terms(), start)).toMatchObject({ reserved: 200n, operations: 20 })
    })

    test('a sender that asks for one nonce under two policies, while the chain takes it: nothing is left held', async () => {
      const policies = [terms({ user: [cap({ count: 10 })] }, 'p'), terms({}, 'q')] as const
      for (let nonce = 0n; nonce < 10n; nonce++) {
        const height = nonce + 1n
        const [from] = await one().followedBlocks(chainId)
        const taken = { charges: [charge({ nonce, blockNumber: height, cost: 1n })] }
        const ask = (index: 0 | 1) =>
          request({
            id: hash(100n * BigInt(index) + nonce),
            nonce,
            policy: policies[index],
            amount: 5n,
          })
        await one().reserve(ask(0))
        const [, late] = await Promise.all([
          one().advance({ ...changes({ height, ...taken }), from }),
          two.reserve(ask(1)),
        ])
        // It came before the charge and was released by it, or after it and was refused.
        if (late.kind === 'refused') expect(late.refusal.rule).toBe('nonce.used')
      }
      const budgets = await Promise.all(policies.map((policy) => two.budget(policy, start)))
      expect(budgets.map(({ reserved }) => reserved)).toEqual([0n, 0n])
      expect(budgets.reduce((sum, { settled }) => sum + settled, 0n)).toBe(10n)
    })

    test('one keeps signatures while the other reserves: no reservation is lost', async () => {
      const asked = (nonce: bigint) => request({ id: hash(nonce), nonce, amount: 1n })
      await one().reserve(asked(0n))
      for (let nonce = 1n; nonce <= 60n; nonce++) {
        const before = asked(nonce - 1n)
        await Promise.all([one().keepSignature(signed(before)), two.reserve(asked(nonce))])
      }
      expect(await one().budget(terms(), start)).toMatchObject({ reserved: 61n, operations: 61 })
    }, 60_000)

    test('one settles while the other reserves: neither loses what the other books', async () => {
      const asked = (nonce: bigint) => request({ id: hash(nonce), nonce, amount: 2n })
      await one().reserve(asked(0n))
      for (let nonce = 1n; nonce <= 60n; nonce++) {
        const charges = [charge({ nonce: nonce - 1n, cost: 1n, blockNumber: nonce })]
        await Promise.all([
          one().follow(changes({ height: nonce, charges })),
          two.reserve(asked(nonce)),
        ])
      }
      expect(await one().budget(terms(), start)).toMatchObject({ reserved: 2n, settled: 60n })
    }, 60_000)

    test('what both read of the same blocks is settled once; a reorganisation is undone once', async () => {
      await one().reserve(request({ id: hash(1) }))
      const settle = { ...changes({ charges: [charge()] }), from: undefined }
      const settled = await Promise.all([one().advance(settle), two.advance(settle)])
      expect(settled.filter(Boolean)).toEqual([{ settled: 1, released: 0, unknown: [] }])
      expect(await two.budget(terms(), start)).toMatchObject({ reserved: 0n, settled: 40n })
      const undone = await Promise.all([
        one().rewind(chainId, block(1n), block(0n)),
        two.rewind(chainId, block(1n), block(0n)),
      ])
      expect(undone.filter(Boolean)).toHaveLength(1)
      expect(await two.budget(terms(), start)).toMatchObject({ reserved: 100n, settled: 0n })
    })
  })
})
