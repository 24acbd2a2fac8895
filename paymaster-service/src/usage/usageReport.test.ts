import type { Hash, Hex } from 'viem'
import { getAddress, numberToHex } from 'viem'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ledgerEvents } from '../composition/ledgerEvents.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LedgerTables } from '../ledger/sql/schema.ts'
import { createSqlLedger } from '../ledger/sql/sqlLedger.ts'
import { parsePolicy } from '../policy/policy.ts'
import { testPaymaster, testPolicy } from '../testing/fixtures.ts'
import { startPostgres } from '../testing/postgresDatabase.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import type { Announcement } from '../webhooks/outbox.ts'
import { usageReport } from './usageReport.ts'

const day = 86_400
const users = [
  '0x1111111111111111111111111111111111111111',
  '0x2222222222222222222222222222222222222222',
] as const
const policy = parsePolicy(testPolicy({ budgetWei: 10n ** 30n }))
const hash = (value: number): Hash => numberToHex(value, { size: 32 })
const claimJob: Hex = '0xaaaaaaaa'
const approve: Hex = '0x11111111'

beforeAll(startPostgres, 120_000)

describe.each(testStores)('usage in $name', ({ open }) => {
  let opened: TestStore
  let ledger: Ledger
  let told: Announcement[]

  beforeEach(async () => {
    opened = await open()
    told = []
    ledger = createSqlLedger(
      opened.store,
      ledgerEvents(
        {
          wanted: async () => true,
          async write(_trx, announcements) {
            told.push(...announcements)
          },
        },
        () => 5,
      ),
    )
  })
  afterEach(() => opened.close())

  const key = (nonce: number, user: number) => ({
    chainId: 1,
    paymaster: testPaymaster,
    sender: getAddress(users[user] ?? '0x'),
    nonce: BigInt(nonce),
  })
  const window = (at: number) => ({ validAfter: at, validUntil: at + 600 })
  async function sponsor(nonce: number, user: number, at: number, selectors: Hex[]) {
    await ledger.reserve({
      ...key(nonce, user),
      policy,
      id: hash(nonce),
      amount: 10n ** 20n,
      window: window(at),
      now: at,
      keepUntil: at,
      price: { kind: 'fresh', microUsdPerEther: 2_000_000_000n },
      selectors,
      origin: { app: user === 0 ? 'one' : 'two', keyId: user === 0 ? 'k1' : undefined },
    })
    await ledger.keepSignature({
      key: key(nonce, user),
      id: hash(nonce),
      window: window(at),
      signature: '0xab',
      userOpHashes: [hash(1_000 + nonce)],
    })
  }
  const blockAt = (number: bigint) => ({ number, hash: hash(Number(number)), timestamp: 0 })
  async function settle(nonce: number, user: number, cost: bigint, block: bigint) {
    const [from] = await ledger.followedBlocks(1)
    return ledger.advance({
      chainId: 1,
      from,
      through: blockAt(block),
      charges: [
        {
          ...key(nonce, user),
          userOpHash: hash(1_000 + nonce),
          cost,
          success: nonce !== 2,
          transactionHash: hash(Number(block)),
          blockNumber: block,
        },
      ],
      consumed: [],
      expireBefore: 0,
    })
  }
  const huge = 10n ** 19n

  async function fill() {
    await sponsor(1, 0, day, [claimJob])
    await sponsor(2, 0, 2 * day, [claimJob, approve, claimJob])
    await sponsor(3, 1, 2 * day + 5, [])
    await sponsor(4, 1, 2 * day + 6, [claimJob])
    await settle(1, 0, huge, 1n)
    await settle(2, 0, huge + 1n, 2n)
    await settle(3, 1, 7n, 3n)
  }

  test('by policy everything is one line, exact beyond 64 bits', async () => {
    await fill()
    expect(await usageReport(opened.store, { by: ['policy'], limit: 10 })).toEqual({
      groups: [
        {
          policy: 'marketplace',
          settled: 3,
          reverted: 1,
          wei: `${2n * huge + 8n}`,
          // 2,000 USD per ether, each operation rounded up.
          microUsd: `${40_000_000_000n + 2n}`,
          pending: 1,
          reserved: `${10n ** 20n}`,
        },
      ],
      truncated: false,
    })
  })

  test('by user, app, key, day and selector the lines add up', async () => {
    await fill()
    for (const dimension of ['user', 'app', 'key', 'day', 'selector'] as const) {
      const { groups } = await usageReport(opened.store, { by: [dimension], limit: 10 })
      expect(groups.reduce((sum, { wei }) => sum + BigInt(wei), 0n)).toBe(2n * huge + 8n)
      expect(groups.reduce((sum, { settled, pending }) => sum + settled + pending, 0)).toBe(4)
    }
    const { groups } = await usageReport(opened.store, { by: ['day', 'selector'], limit: 10 })
    const batch = `${approve}+${claimJob}`
    expect(groups).toMatchObject([
      { day: '1970-01-02', selector: claimJob, settled: 1, wei: `${huge}`, pending: 0 },
      { day: '1970-01-03', selector: '', settled: 1, wei: '7', pending: 0 },
      { day: '1970-01-03', selector: batch, settled: 1, reverted: 1, wei: `${huge + 1n}` },
      { day: '1970-01-03', selector: claimJob, settled: 0, wei: '0', pending: 1 },
    ])
  })

  test('it is narrowed down, and says when there is more', async () => {
    await fill()
    const wei = async (query: Omit<Parameters<typeof usageReport>[1], 'by' | 'limit'>) =>
      (await usageReport(opened.store, { by: ['policy'], limit: 10, ...query })).groups[0]?.wei
    expect(await wei({ from: 2 * day })).toBe(`${huge + 8n}`)
    expect(await wei({ to: 2 * day })).toBe(`${huge}`)
    expect(await wei({ user: users[1] })).toBe('7')
    expect(await wei({ app: 'one' })).toBe(`${2n * huge + 1n}`)
    expect(await wei({ selector: approve })).toBe(`${huge + 1n}`)
    expect(await wei({ policy: 'other' })).toBeUndefined()
    const { groups, truncated } = await usageReport(opened.store, { by: ['user'], limit: 1 })
    expect({ length: groups.length, truncated }).toEqual({ length: 1, truncated: true })
  })

  test('what the ledger forgets is forgotten', async () => {
    await sponsor(1, 0, day, [claimJob])
    await sponsor(2, 0, day, [claimJob])
    const origins = () =>
      opened.store.db
        .withTables<LedgerTables>()
        .selectFrom('sponsorships')
        .select(['id', 'app', 'key_id', 'selectors'])
        .execute()
    expect(await origins()).toHaveLength(2)
    await settle(1, 0, 7n, 1n)
    const [from] = await ledger.followedBlocks(1)
    const past = { from, through: blockAt(2n), charges: [], consumed: [] }
    // The second one's signature ended more than a day ago.
    await ledger.advance({ chainId: 1, ...past, expireBefore: 3 * day })
    expect(await origins()).toMatchObject([{ id: hash(1), app: 'one', selectors: claimJob }])
  })

  test('what the ledger does is told once, however often it does it again', async () => {
    await sponsor(1, 0, day, [claimJob])
    await sponsor(1, 0, day, [claimJob])
    await settle(1, 0, 7n, 1n)
    await settle(1, 0, 7n, 1n)
    expect(told.map(({ type, app, data }) => [type, app, data.costWei])).toEqual([
      ['sponsorship.sponsored', 'one', null],
      ['sponsorship.settled', 'one', '7'],
    ])
    // A reorg put it into another block.
    await ledger.rewind(1, blockAt(1n), blockAt(0n))
    await settle(1, 0, 8n, 2n)
    expect(told.at(-1)?.data).toMatchObject({ costWei: '8', blockNumber: 2 })
    expect(told).toHaveLength(3)
  })
})
