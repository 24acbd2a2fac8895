import { describe, expect, test } from 'vitest'
import {
  alice,
  bob,
  cap,
  changes,
  charge,
  hash,
  request,
  signed,
  start,
  terms,
} from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'
import { ReservationGoneError } from './errors.ts'
import type { ReserveRequest } from './ledger.ts'

onEveryStore((ledger) => {
  const reserve = (overrides: Parameters<typeof request>[0]) => ledger().reserve(request(overrides))
  const budget = (policy = terms(), now = start) => ledger().budget(policy, now)

  test('it holds the upper bound and counts one operation', async () => {
    expect(await reserve({ id: hash(1) })).toEqual({
      kind: 'reserved',
      sponsorship: {
        id: hash(1),
        window: { validAfter: start - 60, validUntil: start + 600 },
        signature: undefined,
      },
    })
    expect(await budget()).toEqual({
      limit: 1_000n,
      reserved: 100n,
      settled: 0n,
      free: 900n,
      operations: 1,
    })
  })

  test('the same operation again has the same window and signature, and reserves nothing more', async () => {
    const first = request({ id: hash(1) })
    await ledger().reserve(first)
    await ledger().keepSignature(signed(first))
    const again = await reserve({
      id: hash(1),
      now: start + 500,
      keepUntil: start + 560,
      window: { validAfter: start, validUntil: start + 1_100 },
    })
    const { window } = first
    expect(again).toEqual({
      kind: 'reserved',
      sponsorship: { id: hash(1), window, signature: '0x51' },
    })
    expect(await budget()).toMatchObject({ reserved: 100n, operations: 1 })
  })

  test('the first signature that is kept is the one for all', async () => {
    const first = request({ id: hash(1) })
    await ledger().reserve(first)
    const kept = await Promise.all(
      ['0x51', '0x52', '0x53'].map((signature) =>
        ledger().keepSignature(signed(first, signature as '0x51')),
      ),
    )
    expect(kept).toEqual(['0x51', '0x51', '0x51'])
    expect(await ledger().find(first, [hash(1), hash(2)], start)).toMatchObject({
      signature: '0x51',
    })
  })

  test('near its end a signature is renewed within the same reservation', async () => {
    const first = request({ id: hash(1) })
    await ledger().reserve(first)
    await ledger().keepSignature(signed(first))
    const window = { validAfter: start, validUntil: start + 1_200 }
    const again = await reserve({ id: hash(1), now: start + 541, keepUntil: start + 601, window })
    expect(again).toMatchObject({ sponsorship: { window, signature: undefined } })
    expect(await budget()).toMatchObject({ reserved: 100n, operations: 1 })
    // An answer that was under way for the old window is not taken for the new one.
    await ledger().keepSignature(signed(first, '0x52'))
    expect(await ledger().find(first, [hash(1)], start)).toMatchObject({ signature: undefined })
  })

  const given = (asked: ReserveRequest) => ({
    key: asked,
    policyId: asked.policy.id,
    id: asked.id,
    window: asked.window,
  })

  test('what could not be signed is given back, and is reserved anew when it is asked for again', async () => {
    const first = request({ id: hash(1) })
    await ledger().reserve(first)
    await ledger().abandon(given(first))
    expect(await budget()).toMatchObject({ reserved: 0n, free: 1_000n, operations: 0 })
    expect(await ledger().find(first, [hash(1)], start)).toBeUndefined()
    const later = { validAfter: start, validUntil: start + 700 }
    expect(await reserve({ id: hash(1), window: later })).toMatchObject({
      sponsorship: { window: later, signature: undefined },
    })
    expect(await budget()).toMatchObject({ reserved: 100n, operations: 1 })
  })

  test('a signature that comes after its reservation was given back is not given out', async () => {
    const first = request({ id: hash(1) })
    await ledger().reserve(first)
    await ledger().abandon(given(first))
    await expect(ledger().keepSignature(signed(first))).rejects.toThrow(ReservationGoneError)
    expect(await budget()).toMatchObject({ reserved: 0n, operations: 0 })
  })

  test('one that comes for a reservation that was made anew is paid for by that, which stays', async () => {
    const first = request({ id: hash(1) })
    await ledger().reserve(first)
    await ledger().abandon(given(first))
    const window = { validAfter: start, validUntil: start + 700 }
    const second = request({ id: hash(1), window })
    await ledger().reserve(second)
    expect(await ledger().keepSignature(signed(first))).toBe('0x51')
    await ledger().abandon(given(second))
    expect(await budget()).toMatchObject({ reserved: 100n, operations: 1 })
  })

  test('what has a signature is not given back, nor what was renewed', async () => {
    const first = request({ id: hash(1) })
    await ledger().reserve(first)
    await ledger().keepSignature(signed(first))
    await ledger().abandon(given(first))
    expect(await budget()).toMatchObject({ reserved: 100n, operations: 1 })
    const window = { validAfter: start, validUntil: start + 1_200 }
    await reserve({ id: hash(1), now: start + 541, keepUntil: start + 601, window })
    // Its new signature does not come about, and the one before is good for a minute still.
    await ledger().abandon({ ...given(first), window })
    expect(await budget()).toMatchObject({ reserved: 100n, operations: 1 })
  })

  test.each([
    { second: 60n, reserved: 100n },
    { second: 130n, reserved: 130n },
  ])(
    '100 wei changed to $second wei keeps $reserved: either may be charged',
    async ({ second, reserved }) => {
      await reserve({ id: hash(1) })
      await reserve({ id: hash(2), amount: second })
      expect(await budget()).toMatchObject({ reserved, operations: 1 })
    },
  )

  test('a change is refused when the difference is not left, and the first stays', async () => {
    await reserve({ id: hash(1), amount: 900n })
    const result = await reserve({ id: hash(2), amount: 1_001n })
    expect(result).toMatchObject({ refusal: { rule: 'global.cap', remaining: 100n } })
    expect(await budget()).toMatchObject({ reserved: 900n })
  })

  test('the seventeenth live signature of one nonce is refused', async () => {
    for (let i = 1; i <= 16; i++) await reserve({ id: hash(i) })
    expect(await reserve({ id: hash(17) })).toMatchObject({
      refusal: { rule: 'nonce.replacements' },
    })
  })

  test('of one nonce 128 signatures are remembered, ended or not: a request for it reads them all', async () => {
    const ask = (id: number, now: number) =>
      reserve({ id: hash(id), now, window: { validAfter: now, validUntil: now + 600 } })
    for (let turn = 0; turn < 8; turn++) {
      const now = start + turn * 700
      // At once: they share transactions.
      await Promise.all(Array.from({ length: 16 }, (_, i) => ask(turn * 16 + i, now)))
      await ledger().follow(changes({ height: BigInt(turn + 1), expireBefore: now + 601 }))
    }
    const tooMany = { refusal: { rule: 'nonce.replacements' } }
    expect(await ask(200, start + 6_000)).toMatchObject(tooMany)
    expect(await ask(0, start + 6_000)).toMatchObject({ kind: 'reserved' })
    await ledger().follow(changes({ height: 9n, expireBefore: start + 6_500 + 86_400 }))
    expect(await ask(200, start + 93_000)).toMatchObject({ kind: 'reserved' })
    // PostgreSQL commits each of the turns.
  }, 30_000)

  test('another operation with a nonce that is on the chain is refused, and holds nothing back', async () => {
    await reserve({ id: hash(1) })
    await ledger().follow(changes({ charges: [charge()] }))
    expect(await reserve({ id: hash(2) })).toMatchObject({ refusal: { rule: 'nonce.used' } })
    expect(await ledger().preview(request({ id: hash(2) }))).toMatchObject({ rule: 'nonce.used' })
    expect(await budget()).toMatchObject({ reserved: 0n, settled: 40n })
  })

  test('caps of one sender do not touch another; count and wei start over with the window', async () => {
    const policy = terms({ user: [cap({ wei: 150n, count: 2, window: 'hour' })] })
    const ask = (id: number, overrides: Partial<ReserveRequest>) =>
      reserve({ id: hash(id), policy, nonce: BigInt(id), ...overrides })
    expect(await ask(1, {})).toMatchObject({ kind: 'reserved' })
    expect(await ask(2, {})).toMatchObject({ refusal: { rule: 'user.cap', remaining: 50n } })
    expect(await ask(3, { sender: bob })).toMatchObject({ kind: 'reserved' })
    expect(await ask(4, { amount: 50n })).toMatchObject({ kind: 'reserved' })
    expect(await ask(5, { amount: 0n })).toMatchObject({ refusal: { rule: 'user.count' } })
    const nextHour = { now: start + 3_600, keepUntil: start + 3_660 }
    expect(await ask(6, nextHour)).toMatchObject({ kind: 'reserved' })
  })

  test('an hour and a month bound together: whichever is spent first refuses', async () => {
    const global = [cap({ window: 'hour', wei: 150n }), cap({ window: 'month', count: 2 })]
    const policy = terms({ global })
    const ask = (id: number, now: number) =>
      reserve({ id: hash(id), policy, nonce: BigInt(id), now, keepUntil: now + 60 })
    expect(await ask(1, start)).toMatchObject({ kind: 'reserved' })
    expect(await ask(2, start)).toMatchObject({
      refusal: { rule: 'global.cap', resetsAt: 1_000_800 },
    })
    expect(await ask(3, start + 3_600)).toMatchObject({ kind: 'reserved' })
    expect(await ask(4, start + 7_200)).toMatchObject({
      refusal: { rule: 'global.count', resetsAt: Date.UTC(1970, 1, 1) / 1_000 },
    })
  })

  describe('in USD', () => {
    const price = { kind: 'fresh', microUsdPerEther: 2_000_000_000n } as const
    /** 0.001 ether, two dollars. */
    const amount = 10n ** 15n
    const policy = terms({ global: [cap({ microUsd: 5_000_000n })] })
    const ask = (id: number, overrides: Partial<ReserveRequest> = {}) =>
      reserve({ id: hash(id), nonce: BigInt(id), policy, amount, price, ...overrides })

    test('of 5 dollars two operations of 2 dollars are reserved, and at half the price two more', async () => {
      expect(await ask(1)).toMatchObject({ kind: 'reserved' })
      expect(await ask(2)).toMatchObject({ kind: 'reserved' })
      expect(await ask(3)).toMatchObject({ refusal: { rule: 'global.usd', remaining: 1_000_000n } })
      const half = { kind: 'fresh', microUsdPerEther: 1_000_000_000n } as const
      expect(await ask(4, { price: half })).toMatchObject({ kind: 'reserved' })
    })

    test('what was charged settles at the price of its reservation', async () => {
      await ask(1)
      await ledger().follow(changes({ charges: [charge({ nonce: 1n, cost: amount / 4n })] }))
      const [usage] = await ledger().usage(policy, start)
      expect(usage?.microUsd).toEqual({
        limit: 5_000_000n,
        reserved: 0n,
        settled: 500_000n,
        free: 4_500_000n,
      })
    })

    test('with a stale price nothing is reserved, and a cap in wei does not ask for one', async () => {
      const stale = { kind: 'stale', reason: 'the price of ether is 3601 s old' } as const
      expect(await ask(1, { price: stale })).toMatchObject({ refusal: { rule: 'usd.stalePrice' } })
      expect(await reserve({ id: hash(2), price: stale })).toMatchObject({ kind: 'reserved' })
    })
  })

  test('200 at once against a budget for 100 reserve exactly 100', async () => {
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        reserve({ id: hash(i), nonce: BigInt(i), amount: 10n }),
      ),
    )
    expect(results.filter(({ kind }) => kind === 'reserved')).toHaveLength(100)
    expect(await budget()).toMatchObject({ reserved: 1_000n, free: 0n, operations: 100 })
  })

  test('200 at once against a count of 100 reserve exactly 100', async () => {
    const policy = terms({ global: [cap({ count: 100 })] })
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) => reserve({ id: hash(i), nonce: BigInt(i), policy })),
    )
    expect(results.filter(({ kind }) => kind === 'reserved')).toHaveLength(100)
    const [usage] = await ledger().usage(policy, start)
    expect(usage?.count).toEqual({ limit: 100, reserved: 100, settled: 0, free: 0 })
  })

  test('amounts beyond 64 bits are exact', async () => {
    const wei = 2n ** 120n + 1n
    const policy = terms({ global: [cap({ wei: wei * 2n })] })
    await reserve({ id: hash(1), policy, amount: wei })
    expect(await budget(policy)).toMatchObject({ reserved: wei, free: wei })
  })

  test('preview refuses what reserve would refuse, and changes nothing', async () => {
    const asked = request({ id: hash(1), amount: 1_001n })
    expect(await ledger().preview(asked)).toMatchObject({ rule: 'global.cap', remaining: 1_000n })
    expect(await ledger().preview({ ...asked, amount: 1_000n })).toBeUndefined()
    expect(await budget()).toMatchObject({ reserved: 0n, operations: 0 })
  })

  test('it has everything after a restart', async () => {
    await reserve({ id: hash(1) })
    await ledger().follow(changes({ height: 3n }))
    await ledger().reopen()
    expect(await budget()).toMatchObject({ reserved: 100n, operations: 1 })
    expect((await ledger().followedBlocks(1))[0]).toEqual({
      number: 3n,
      hash: hash(3n),
      timestamp: start,
    })
    expect(await ledger().outstandingSenders(1, 2)).toEqual([alice])
  })
})
