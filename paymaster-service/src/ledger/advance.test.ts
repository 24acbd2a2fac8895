import { describe, expect, test } from 'vitest'
import {
  alice,
  block,
  bob,
  cap,
  chainId,
  changes,
  charge,
  hash,
  paymaster,
  request,
  signed,
  start,
  terms,
} from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'

onEveryStore((ledger) => {
  const reserve = (overrides: Parameters<typeof request>[0]) => ledger().reserve(request(overrides))
  const follow = (overrides: Parameters<typeof changes>[0]) => ledger().follow(changes(overrides))
  const budget = async (policy = terms(), now = start) => {
    const { limit: _, ...rest } = await ledger().budget(policy, now)
    return rest
  }

  describe('a charge', () => {
    test('it settles its cost and frees the rest; the same block again changes nothing', async () => {
      await reserve({ id: hash(1) })
      const charges = [charge()]
      expect(await follow({ charges })).toEqual({ settled: 1, released: 0, unknown: [] })
      expect(await budget()).toEqual({ reserved: 0n, settled: 40n, free: 960n, operations: 1 })
      expect(await follow({ charges })).toEqual({ settled: 0, released: 0, unknown: [] })
      expect(await budget()).toMatchObject({ settled: 40n })
    })

    test('the operation hash decides which policy pays', async () => {
      const second = terms({}, 'q')
      const [one, two] = [request({ id: hash(1) }), request({ id: hash(2), policy: second })]
      await ledger().reserve(one)
      await ledger().keepSignature(signed(one, '0x01', hash(7)))
      await ledger().reserve(two)
      await ledger().keepSignature(signed(two, '0x02', hash(9)))
      await follow({ charges: [charge({ userOpHash: hash(7) })] })
      expect(await budget()).toMatchObject({ reserved: 0n, settled: 40n })
      expect(await budget(second)).toMatchObject({ reserved: 0n, settled: 0n })
    })

    test('a signature that was renewed, or moved to its other form, is charged to its policy', async () => {
      const second = terms({}, 'q')
      const one = request({ id: hash(1) })
      const renewed = {
        ...one,
        window: { validAfter: start + 500, validUntil: start + 1_100 },
        now: start + 560,
        keepUntil: start + 620,
      }
      await ledger().reserve(one)
      await ledger().keepSignature(signed(one, '0x01', hash(5)))
      await ledger().reserve(renewed)
      // Another instance is slow: its signature is given out after the renewal.
      for (const [asked, hashes] of [
        [renewed, [hash(8), hash(9)]],
        [one, [hash(6), hash(7)]],
      ] as const)
        await ledger().keepSignature({ ...signed(asked), userOpHashes: hashes })
      const two = request({ id: hash(2), policy: second, amount: 120n })
      await ledger().reserve(two)
      await ledger().keepSignature(signed(two, '0x02', hash(10)))
      for (const userOpHash of [5, 6, 7, 8, 9].map(hash)) {
        await follow({ charges: [charge({ userOpHash })] })
        expect(await budget()).toMatchObject({ reserved: 0n, settled: 40n })
        expect(await budget(second)).toMatchObject({ reserved: 0n, settled: 0n })
        await ledger().rewind(chainId, block(1n), block(0n))
      }
    })

    test('one that nothing was reserved for is reported, not booked', async () => {
      const stray = charge({ sender: bob })
      expect((await follow({ charges: [stray] }))?.unknown).toEqual([stray])
      expect(await budget()).toMatchObject({ settled: 0n })
    })

    test('a settled operation keeps its signature; when that has ended it is refused', async () => {
      const asked = request({ id: hash(1) })
      await ledger().reserve(asked)
      await ledger().keepSignature(signed(asked))
      await follow({ charges: [charge()] })
      expect(await ledger().reserve(asked)).toMatchObject({ sponsorship: { signature: '0x51' } })
      expect(
        await ledger().reserve({ ...asked, now: start + 700, keepUntil: start + 760 }),
      ).toMatchObject({ refusal: { rule: 'nonce.used' } })
    })
  })

  test('a consumed nonce releases every reservation of it, and is no operation of its sender', async () => {
    const policy = terms({ user: [cap({ count: 1 })] })
    await reserve({ id: hash(1), policy })
    await reserve({ id: hash(2), policy, amount: 120n })
    const key = { chainId, paymaster, sender: alice, nonce: 0n, blockNumber: 1n } as const
    expect(await follow({ consumed: [key] })).toMatchObject({ released: 1 })
    expect(await budget(policy)).toMatchObject({ reserved: 0n, settled: 0n })
    expect(await reserve({ id: hash(3), policy, nonce: 1n })).toMatchObject({ kind: 'reserved' })
  })

  describe('expiry', () => {
    test.each([
      { expireBefore: start + 600, reserved: 100n },
      { expireBefore: start + 601, reserved: 0n },
    ])(
      'a signature to second 600: $reserved is reserved when those before $expireBefore expire',
      async ({ expireBefore, reserved }) => {
        await reserve({ id: hash(1) })
        await follow({ expireBefore })
        expect(await budget()).toMatchObject({ reserved })
      },
    )

    test.each([
      { expireBefore: start + 600 + 86_400, found: true },
      { expireBefore: start + 601 + 86_400, found: false },
    ])(
      'a sponsorship that was never sent is forgotten a day after its end, a paid one never: $found',
      async ({ expireBefore, found }) => {
        await reserve({ id: hash(1) })
        await reserve({ id: hash(2), nonce: 1n })
        await follow({ charges: [charge({ nonce: 1n })] })
        await follow({ height: 2n, expireBefore })
        const late = { height: 3n, charges: [charge(), charge({ nonce: 1n })] }
        expect((await follow(late))?.unknown).toHaveLength(found ? 0 : 1)
        expect(await budget()).toMatchObject({ reserved: 0n, settled: found ? 80n : 40n })
      },
    )

    test('when the dear signature expires, the cheap one keeps its own amount', async () => {
      const window = { validAfter: start, validUntil: start + 900 }
      await reserve({ id: hash(1), amount: 200n })
      await reserve({ id: hash(2), amount: 50n, window })
      await follow({ expireBefore: start + 700 })
      expect(await budget()).toMatchObject({ reserved: 50n })
    })
  })

  describe("a sender's operations that expire or revert count against its caps", () => {
    const policy = terms({
      global: [cap({ wei: 1_000n, count: 2 })],
      user: [cap({ count: 2, window: 'month' })],
    })
    const ask = (id: number, overrides: Partial<Parameters<typeof request>[0]> = {}) =>
      reserve({ id: hash(id), nonce: BigInt(id), policy, ...overrides })
    const refused = { refusal: { rule: 'user.count', remaining: 0n } }

    test('two that were never sent use up the count of their sender, also when they are forgotten; the budget is free again', async () => {
      await ask(1)
      await ask(2)
      await follow({ expireBefore: start + 601 })
      expect(await ask(3)).toMatchObject(refused)
      expect(await budget(policy)).toEqual({
        reserved: 0n,
        settled: 0n,
        free: 1_000n,
        operations: 0,
      })
      await follow({ height: 2n, expireBefore: start + 601 + 86_400 })
      expect(await ask(3)).toMatchObject(refused)
      expect(await ask(4, { sender: bob })).toMatchObject({ kind: 'reserved' })
    })

    test('two that reverted do as well, and are paid', async () => {
      await ask(1)
      await ask(2)
      const charges = [1n, 2n].map((nonce) => charge({ nonce, success: false }))
      await follow({ charges })
      expect(await ask(3)).toMatchObject(refused)
      expect(await budget(policy)).toMatchObject({ settled: 80n, operations: 2 })
    })

    test('an operation that is asked for again after its end is the same one', async () => {
      await ask(1)
      await follow({ expireBefore: start + 601 })
      const now = start + 700
      const window = { validAfter: now, validUntil: now + 600 }
      expect(await ask(1, { now, window, keepUntil: now + 60 })).toMatchObject({ kind: 'reserved' })
      expect(await ask(2, { now, window })).toMatchObject({ kind: 'reserved' })
      expect(await ask(3, { now, window })).toMatchObject(refused)
    })
  })

  test('rewind undoes the blocks above, and only those', async () => {
    for (const nonce of [1n, 2n, 3n]) await reserve({ id: hash(nonce), nonce })
    await follow({ height: 5n, charges: [charge({ nonce: 1n, blockNumber: 5n })] })
    const consumed = { chainId, paymaster, sender: alice, nonce: 3n, blockNumber: 6n } as const
    await follow({
      height: 6n,
      charges: [charge({ nonce: 2n, blockNumber: 6n })],
      consumed: [consumed],
    })
    expect(await budget()).toMatchObject({ reserved: 0n, settled: 80n })
    expect(await ledger().rewind(chainId, block(6n), block(5n))).toBe(true)
    expect(await budget()).toMatchObject({ reserved: 200n, settled: 40n })
    expect((await ledger().followedBlocks(chainId)).map(({ number }) => number)).toEqual([5n])
  })

  test('a step from a block that is not the newest any more changes nothing', async () => {
    await reserve({ id: hash(1) })
    await follow({ height: 5n })
    const late = changes({ height: 6n, charges: [charge({ blockNumber: 6n })] })
    for (const from of [undefined, block(4n), { ...block(5n), hash: hash(99) }]) {
      expect(await ledger().advance({ ...late, from })).toBeUndefined()
      if (from) expect(await ledger().rewind(chainId, from, block(3n))).toBe(false)
    }
    expect(await budget()).toMatchObject({ reserved: 100n, settled: 0n })
    expect(await ledger().advance({ ...late, from: block(5n) })).toMatchObject({ settled: 1 })
  })

  test('256 followed blocks are kept', async () => {
    for (let height = 1n; height <= 258n; height++) await follow({ height })
    const heights = (await ledger().followedBlocks(chainId)).map(({ number }) => number)
    expect([heights.length, heights[0], heights.at(-1)]).toEqual([256, 258n, 3n])
  }, 60_000)

  test('buckets of windows that ended a week ago are forgotten', async () => {
    const policy = terms({ user: [cap({ count: 5, window: 'hour' })] })
    await reserve({ id: hash(1), policy })
    const buckets = async () => {
      const db = ledger().store.db.withTables<{ buckets: { id: string } }>()
      return (await db.selectFrom('buckets').select('id').orderBy('id').execute()).map(
        ({ id }) => id,
      )
    }
    const ends = 1_000_800
    await follow({ expireBefore: ends + 7 * 86_400 })
    const lasting = [expect.stringMatching(/^:1:0x\w{40}\/never\/0$/), 'p/*/never/0']
    expect(await buckets()).toEqual([...lasting, `p/${alice.toLowerCase()}/hour/997200`])
    await follow({ height: 2n, expireBefore: ends + 7 * 86_400 + 1 })
    expect(await buckets()).toEqual(lasting)
  })
})
