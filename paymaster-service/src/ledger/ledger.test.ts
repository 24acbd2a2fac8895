import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseInUseError } from '@fabstir/sqlite'
import type { Hash } from 'viem'
import { getAddress, numberToHex } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Caps } from '../policy/policy.ts'
import type { StoreLocation } from '../store/location.ts'
import type { Advance, PolicyTerms, ReserveRequest } from './ledger.ts'
import { openLedger } from './openLedger.ts'

const chainId = 1
const paymaster = '0x9000000000000000000000000000000000000009'
const alice = getAddress('0xa11ce00000000000000000000000000000000001')
const bob = getAddress('0xb0b0000000000000000000000000000000000002')
const start = 1_000_000

const hash = (value: number | bigint): Hash => numberToHex(value, { size: 32 })

const policy = (caps: Partial<Caps> = {}, id = 'p'): PolicyTerms => ({
  id,
  onChainHash: `0x${'ab'.repeat(16)}`,
  caps: {
    global: { wei: 1_000n, window: 'never' },
    user: undefined,
    operation: undefined,
    ...caps,
  },
})

const request = (overrides: Partial<ReserveRequest> & { id: Hash }): ReserveRequest => ({
  chainId,
  paymaster,
  sender: alice,
  nonce: 0n,
  policy: policy(),
  amount: 100n,
  window: { validAfter: start - 60, validUntil: start + 600 },
  now: start,
  keepUntil: start + 60,
  ...overrides,
})

const changes = (overrides: Partial<Advance> & { height?: bigint }): Advance => {
  const { height = 1n, ...rest } = overrides
  return {
    chainId,
    through: { number: height, hash: hash(height), timestamp: start },
    charges: [],
    consumed: [],
    expireBefore: 0,
    ...rest,
  }
}

const charge = (overrides: Partial<Advance['charges'][number]>) =>
  ({
    chainId,
    paymaster,
    sender: alice,
    nonce: 0n,
    userOpHash: hash(7),
    cost: 40n,
    transactionHash: hash(8),
    blockNumber: 1n,
    ...overrides,
  }) satisfies Advance['charges'][number]

let ledger: Awaited<ReturnType<typeof openLedger>>
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-ledger-'))
  ledger = await openLedger('memory')
})

afterEach(async () => {
  await ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

const usage = async (terms = policy(), now = start) => {
  const { reserved, settled, free, operations } = await ledger.usage(terms, now)
  return { reserved, settled, free, operations }
}

describe('reserve', () => {
  test('it holds the upper bound and counts one operation', async () => {
    expect(await ledger.reserve(request({ id: hash(1) }))).toEqual({
      kind: 'reserved',
      sponsorship: {
        id: hash(1),
        window: { validAfter: start - 60, validUntil: start + 600 },
        signature: undefined,
      },
    })
    expect(await usage()).toEqual({ reserved: 100n, settled: 0n, free: 900n, operations: 1 })
  })

  test('the same operation again has the same window and signature, and reserves nothing more', async () => {
    const { window } = request({ id: hash(1) })
    await ledger.reserve(request({ id: hash(1) }))
    await ledger.keepSignature(hash(1), window, { signature: '0x51', userOpHash: hash(7) })
    const later = { now: start + 500, keepUntil: start + 560 }
    const again = await ledger.reserve(
      request({ id: hash(1), ...later, window: { validAfter: start, validUntil: start + 1_100 } }),
    )
    expect(again).toEqual({
      kind: 'reserved',
      sponsorship: { id: hash(1), window, signature: '0x51' },
    })
    expect(await usage()).toMatchObject({ reserved: 100n, operations: 1 })
  })

  test('near its end a signature is renewed within the same reservation', async () => {
    const first = request({ id: hash(1) })
    await ledger.reserve(first)
    await ledger.keepSignature(hash(1), first.window, { signature: '0x51', userOpHash: hash(7) })
    const window = { validAfter: start, validUntil: start + 1_200 }
    const again = await ledger.reserve(
      request({ id: hash(1), now: start + 541, keepUntil: start + 601, window }),
    )
    expect(again).toMatchObject({ sponsorship: { window, signature: undefined } })
    expect(await usage()).toMatchObject({ reserved: 100n, operations: 1 })
    // An answer that was under way for the old window is not taken for the new one.
    await ledger.keepSignature(hash(1), first.window, { signature: '0x52', userOpHash: hash(7) })
    expect(await ledger.find([hash(1)], start)).toMatchObject({ signature: undefined })
  })

  test.each([
    { second: 60n, reserved: 100n },
    { second: 130n, reserved: 130n },
  ])(
    '100 wei changed to $second wei keeps $reserved: either may be charged',
    async ({ second, reserved }) => {
      await ledger.reserve(request({ id: hash(1) }))
      await ledger.reserve(request({ id: hash(2), amount: second }))
      expect(await usage()).toMatchObject({ reserved, operations: 1 })
    },
  )

  test('a change is refused when the difference is not left, and the first stays', async () => {
    await ledger.reserve(request({ id: hash(1), amount: 900n }))
    const result = await ledger.reserve(request({ id: hash(2), amount: 1_001n }))
    expect(result).toMatchObject({ refusal: { rule: 'global.cap', remaining: 100n } })
    expect(await usage()).toMatchObject({ reserved: 900n })
  })

  test('the seventeenth live signature of one nonce is refused', async () => {
    for (let i = 1; i <= 16; i++) await ledger.reserve(request({ id: hash(i) }))
    expect(await ledger.reserve(request({ id: hash(17) }))).toMatchObject({
      refusal: { rule: 'nonce.replacements' },
    })
  })

  test('caps of one sender do not touch another; count and wei start over with the window', async () => {
    const terms = policy({ user: { wei: 150n, count: 2, window: 'hour' } })
    const ask = (id: number, overrides: Partial<ReserveRequest>) =>
      ledger.reserve(request({ id: hash(id), policy: terms, nonce: BigInt(id), ...overrides }))
    expect(await ask(1, {})).toMatchObject({ kind: 'reserved' })
    expect(await ask(2, {})).toMatchObject({ refusal: { rule: 'user.cap', remaining: 50n } })
    expect(await ask(3, { sender: bob })).toMatchObject({ kind: 'reserved' })
    expect(await ask(4, { amount: 50n })).toMatchObject({ kind: 'reserved' })
    expect(await ask(5, { amount: 0n })).toMatchObject({ refusal: { rule: 'user.count' } })
    const nextHour = { now: start + 3_600, keepUntil: start + 3_660 }
    expect(await ask(6, nextHour)).toMatchObject({ kind: 'reserved' })
  })

  test('200 at once against a budget for 100 reserve exactly 100', async () => {
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        ledger.reserve(request({ id: hash(i), nonce: BigInt(i), amount: 10n })),
      ),
    )
    expect(results.filter(({ kind }) => kind === 'reserved')).toHaveLength(100)
    expect(await usage()).toEqual({ reserved: 1_000n, settled: 0n, free: 0n, operations: 100 })
  })

  test('amounts beyond 64 bits are exact', async () => {
    const wei = 2n ** 120n + 1n
    const terms = policy({ global: { wei: wei * 2n, window: 'never' } })
    await ledger.reserve(request({ id: hash(1), policy: terms, amount: wei }))
    expect(await usage(terms)).toMatchObject({ reserved: wei, free: wei })
  })

  test('preview refuses what reserve would refuse, and changes nothing', async () => {
    const asked = request({ id: hash(1), amount: 1_001n })
    expect(await ledger.preview(asked)).toMatchObject({ rule: 'global.cap', remaining: 1_000n })
    expect(await ledger.preview({ ...asked, amount: 1_000n })).toBeUndefined()
    expect(await usage()).toMatchObject({ reserved: 0n, operations: 0 })
  })
})

describe('advance', () => {
  test('a charge settles its cost and frees the rest; the same block again changes nothing', async () => {
    await ledger.reserve(request({ id: hash(1) }))
    const block = changes({ charges: [charge({})] })
    expect(await ledger.advance(block)).toEqual({ settled: 1, released: 0, unknown: [] })
    expect(await usage()).toEqual({ reserved: 0n, settled: 40n, free: 960n, operations: 1 })
    expect(await ledger.advance(block)).toEqual({ settled: 0, released: 0, unknown: [] })
    expect(await usage()).toMatchObject({ settled: 40n })
  })

  test('the operation hash decides which policy pays', async () => {
    const second = policy({}, 'q')
    const asked = request({ id: hash(1) })
    await ledger.reserve(asked)
    await ledger.keepSignature(hash(1), asked.window, { signature: '0x01', userOpHash: hash(7) })
    await ledger.reserve(request({ id: hash(2), policy: second }))
    await ledger.keepSignature(hash(2), asked.window, { signature: '0x02', userOpHash: hash(9) })
    await ledger.advance(changes({ charges: [charge({ userOpHash: hash(7) })] }))
    expect(await usage()).toMatchObject({ reserved: 0n, settled: 40n })
    expect(await usage(second)).toMatchObject({ reserved: 0n, settled: 0n })
  })

  test('a consumed nonce releases every reservation of it', async () => {
    await ledger.reserve(request({ id: hash(1) }))
    await ledger.reserve(request({ id: hash(2), amount: 120n }))
    const key = { chainId, paymaster, sender: alice, nonce: 0n, blockNumber: 1n } as const
    expect(await ledger.advance(changes({ consumed: [key] }))).toMatchObject({ released: 1 })
    expect(await usage()).toMatchObject({ reserved: 0n, settled: 0n })
  })

  test.each([
    { expireBefore: start + 600, reserved: 100n },
    { expireBefore: start + 601, reserved: 0n },
  ])(
    'a signature to second 600: $reserved is reserved when those before $expireBefore expire',
    async ({ expireBefore, reserved }) => {
      await ledger.reserve(request({ id: hash(1) }))
      await ledger.advance(changes({ expireBefore }))
      expect(await usage()).toMatchObject({ reserved })
    },
  )

  test.each([
    { expireBefore: start + 600 + 86_400, found: true },
    { expireBefore: start + 601 + 86_400, found: false },
  ])(
    'a sponsorship that was never sent is forgotten a day after its end, a paid one never: $found',
    async ({ expireBefore, found }) => {
      const [unsent, paid] = [request({ id: hash(1) }), request({ id: hash(2), nonce: 1n })]
      await ledger.reserve(unsent)
      await ledger.reserve(paid)
      await ledger.advance(changes({ charges: [charge({ nonce: 1n })] }))
      await ledger.advance(changes({ height: 2n, expireBefore }))
      const late = changes({ height: 3n, charges: [charge({}), charge({ nonce: 1n })] })
      expect((await ledger.advance(late)).unknown).toHaveLength(found ? 0 : 1)
      expect(await usage()).toMatchObject({ reserved: 0n, settled: found ? 80n : 40n })
    },
  )

  test('when the dear signature expires, the cheap one keeps its own amount', async () => {
    const window = { validAfter: start, validUntil: start + 900 }
    await ledger.reserve(request({ id: hash(1), amount: 200n }))
    await ledger.reserve(request({ id: hash(2), amount: 50n, window }))
    await ledger.advance(changes({ expireBefore: start + 700 }))
    expect(await usage()).toMatchObject({ reserved: 50n })
  })

  test('a charge that nothing was reserved for is reported, not booked', async () => {
    const stray = charge({ sender: bob })
    expect((await ledger.advance(changes({ charges: [stray] }))).unknown).toEqual([stray])
    expect(await usage()).toMatchObject({ settled: 0n })
  })

  test('a settled operation keeps its signature; when that has ended it is refused', async () => {
    const asked = request({ id: hash(1) })
    await ledger.reserve(asked)
    await ledger.keepSignature(hash(1), asked.window, { signature: '0x51', userOpHash: hash(7) })
    await ledger.advance(changes({ charges: [charge({})] }))
    expect(await ledger.reserve(asked)).toMatchObject({ sponsorship: { signature: '0x51' } })
    expect(
      await ledger.reserve({ ...asked, now: start + 700, keepUntil: start + 760 }),
    ).toMatchObject({ refusal: { rule: 'nonce.used' } })
  })
})

test('rewind undoes the blocks above, and only those', async () => {
  await ledger.reserve(request({ id: hash(1), nonce: 1n }))
  await ledger.reserve(request({ id: hash(2), nonce: 2n }))
  await ledger.reserve(request({ id: hash(3), nonce: 3n }))
  await ledger.advance(changes({ height: 5n, charges: [charge({ nonce: 1n, blockNumber: 5n })] }))
  const consumed = { chainId, paymaster, sender: alice, nonce: 3n, blockNumber: 6n } as const
  await ledger.advance(
    changes({
      height: 6n,
      charges: [charge({ nonce: 2n, blockNumber: 6n })],
      consumed: [consumed],
    }),
  )
  expect(await usage()).toMatchObject({ reserved: 0n, settled: 80n })
  await ledger.rewind(chainId, 5n)
  expect(await usage()).toMatchObject({ reserved: 200n, settled: 40n })
  expect((await ledger.followedBlocks(chainId)).map(({ number }) => number)).toEqual([5n])
})

describe('a ledger file', () => {
  test('it has everything after a restart', async () => {
    const location: StoreLocation = `sqlite:${join(folder, 'deep', 'ledger.db')}`
    const before = await openLedger(location)
    await before.reserve(request({ id: hash(1) }))
    await before.advance(changes({ height: 3n }))
    await before.close()
    const after = await openLedger(location)
    expect(await after.usage(policy(), start)).toMatchObject({ reserved: 100n, operations: 1 })
    expect((await after.followedBlocks(chainId))[0]).toEqual({
      number: 3n,
      hash: hash(3n),
      timestamp: start,
    })
    expect(await after.outstandingSenders(chainId)).toEqual([alice])
    await after.close()
  })

  test('it is open in one process only', async () => {
    const location: StoreLocation = `sqlite:${join(folder, 'ledger.db')}`
    const first = await openLedger(location)
    await expect(openLedger(location)).rejects.toThrow(DatabaseInUseError)
    await first.close()
  })
})
