import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Address, Hash } from 'viem'
import { getAddress, numberToHex, zeroAddress } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ReserveRequest } from '../ledger/ledger.ts'
import { parsePolicy } from '../policy/policy.ts'
import { testChainId, testPaymaster, testPolicy, testSender } from '../testing/fixtures.ts'
import type { TestLedger } from '../testing/ledgers.ts'
import { openTestLedger } from '../testing/ledgers.ts'
import type { ChainReader, OperationEvent, OperationEventFilter } from './chainReader.ts'
import type { SettlementParameters } from './settlement.ts'
import { followChain } from './settlement.ts'

const policy = parsePolicy(testPolicy())
const hash = (value: number | bigint): Hash => numberToHex(value, { size: 32 })
const blockOf = (number: bigint) => ({ number, hash: hash(number), timestamp: 1_000 })

const paid: OperationEvent = {
  entryPoint: defaultEntryPoint.address,
  userOpHash: hash(7),
  sender: testSender,
  paymaster: testPaymaster,
  nonce: 0n,
  success: true,
  actualGasCost: 40n,
  actualGasUsed: 4n,
  blockNumber: 10n,
  transactionHash: hash(8),
}

let ledger: TestLedger

beforeEach(async () => {
  ledger = await openTestLedger('memory')
})

afterEach(() => ledger.store.close())

/** `head` is what the node knows that answers `latest`; the one asked for blocks and events knows `height`. */
const follow = (
  {
    head,
    height,
    events = [],
    fork = 0n,
    forkedAt = 1_000_000n,
  }: {
    head: bigint
    height: bigint
    events?: OperationEvent[]
    /** Added to the hashes of blocks from `forkedAt` on. */
    fork?: bigint
    forkedAt?: bigint
  },
  {
    onFilter,
    ...overrides
  }: Partial<SettlementParameters> & { onFilter?: (filter: OperationEventFilter) => void } = {},
) => {
  const forked = (number: bigint) => ({
    ...blockOf(number),
    hash: hash(number >= forkedAt ? number + fork : number),
  })
  const chain: ChainReader = {
    chainId: async () => testChainId,
    senderState: async () => {
      throw new Error('not asked')
    },
    block: async (number) => {
      if (number === 'latest') return forked(head)
      return number <= height ? forked(number) : undefined
    },
    async operationEvents(filter) {
      onFilter?.(filter)
      const { fromBlock, toBlock } = filter
      return events.filter(
        ({ blockNumber }) =>
          blockNumber >= fromBlock && blockNumber <= toBlock && blockNumber <= height,
      )
    },
  }
  return followChain({
    chain,
    ledger,
    chainId: testChainId,
    paymasters: async () => [{ entryPoint: defaultEntryPoint.address, paymaster: testPaymaster }],
    confirmations: 0,
    expiryMargin: 60,
    ...overrides,
  })
}

const reservation: ReserveRequest = {
  chainId: testChainId,
  paymaster: testPaymaster,
  sender: testSender,
  nonce: 0n,
  policy,
  id: hash(1),
  amount: 100n,
  window: { validAfter: 900, validUntil: 1_600 },
  price: { kind: 'stale', reason: 'there is none' },
  selectors: [],
  now: 1_000,
  keepUntil: 1_060,
}
const reserve = () => ledger.reserve(reservation)
const settled = async () => (await ledger.budget(policy, 1_000)).settled

test('it waits for a node that lags behind the one that knew the head, and misses no charge', async () => {
  await follow({ head: 9n, height: 9n })
  await reserve()
  expect(await follow({ head: 10n, height: 9n, events: [paid] })).toBeUndefined()
  expect((await ledger.followedBlocks(testChainId))[0]?.number).toBe(9n)
  await follow({ head: 10n, height: 10n, events: [paid] })
  expect(await settled()).toBe(40n)
})

test.each([
  { head: 11n, expected: 0n },
  { head: 12n, expected: 40n },
])('with 2 confirmations block 10 settles at 12: $head', async ({ head, expected }) => {
  await follow({ head: 9n, height: 9n }, { confirmations: 2 })
  await reserve()
  await follow({ head, height: head, events: [paid] }, { confirmations: 2 })
  expect(await settled()).toBe(expected)
})

test('a paymaster of another EntryPoint charges nothing here', async () => {
  await follow({ head: 9n, height: 9n })
  await reserve()
  const elsewhere = { ...paid, entryPoint: testSender }
  await follow({ head: 10n, height: 10n, events: [elsewhere] })
  expect(await ledger.budget(policy, 1_000)).toMatchObject({ settled: 0n, reserved: 100n })
})

test('a paymaster that was rotated out: what it paid is settled, what its successor paid frees the nonce', async () => {
  const successor: Address = '0x9999999999999999999999999999999999999998'
  const paymasters = async () =>
    [successor, testPaymaster].map((paymaster: Address) => ({
      entryPoint: defaultEntryPoint.address,
      paymaster,
    }))
  await follow({ head: 9n, height: 9n }, { paymasters })
  await reserve()
  const ofBoth = [paid, { ...paid, nonce: 1n, userOpHash: hash(9), paymaster: successor } as const]
  await ledger.reserve({ ...reservation, id: hash(2), nonce: 1n })
  const step = await follow({ head: 10n, height: 10n, events: ofBoth }, { paymasters })
  expect(step).toMatchObject({ settled: 1, released: 1 })
  expect(step?.unknown.map(({ paymaster }) => paymaster)).toEqual([successor])
  expect(await ledger.budget(policy, 1_000)).toMatchObject({ settled: 40n, reserved: 0n })
})

test.each([
  { senders: 1_000, filters: 6 },
  { senders: 1_001, filters: 1 },
])(
  'of $senders senders the events are read with $filters filters, and what others paid frees the nonce',
  async ({ senders, filters }) => {
    await follow({ head: 9n, height: 9n })
    await reserve()
    const asked: OperationEventFilter[] = []
    const others = Array.from({ length: senders - 1 }, (_, index) =>
      getAddress(numberToHex(index + 1, { size: 20 })),
    )
    const step = await follow(
      { head: 10n, height: 10n, events: [{ ...paid, paymaster: zeroAddress }] },
      {
        ledger: {
          ...ledger,
          outstandingSenders: async (_, limit) => [testSender, ...others].slice(0, limit),
        },
        onFilter: (filter) => asked.push(filter),
      },
    )
    expect(asked).toHaveLength(filters)
    expect(step).toMatchObject({ settled: 0, released: 1 })
  },
)

test('a long absence is read in steps of 500 blocks', async () => {
  await follow({ head: 9n, height: 9n })
  await reserve()
  const late = { ...paid, blockNumber: 1_200n }
  const steps = []
  do steps.push(await follow({ head: 1_300n, height: 1_300n, events: [late] }))
  while (steps.at(-1)?.more && steps.length < 10)
  expect(steps.map((step) => step?.settled)).toEqual([0, 0, 1])
})

describe('a reorganisation', () => {
  const height = (value: bigint) => ({ head: value, height: value })
  const heights = async () => (await ledger.followedBlocks(testChainId)).map(({ number }) => number)

  beforeEach(async () => {
    await follow(height(8n))
    await follow(height(9n))
    await reserve()
    await follow({ ...height(10n), events: [paid] })
    expect(await settled()).toBe(40n)
  })

  test('the settlement of a block that is gone is undone, and the one of its new block is made', async () => {
    const fork = { fork: 100n, forkedAt: 10n }
    expect(await follow({ ...height(10n), ...fork })).toMatchObject({ settled: 0 })
    expect(await settled()).toBe(0n)
    await follow({ ...height(11n), ...fork, events: [{ ...paid, blockNumber: 11n }] })
    expect(await settled()).toBe(40n)
    expect(await heights()).toEqual([11n, 10n, 9n, 8n])
  })

  test('a node that is one block behind is no reorganisation', async () => {
    expect(await follow(height(9n))).toBeUndefined()
    expect(await settled()).toBe(40n)
    expect(await heights()).toEqual([10n, 9n, 8n])
  })

  test('a shorter fork is one', async () => {
    await follow({ ...height(9n), fork: 100n, forkedAt: 9n })
    expect(await settled()).toBe(0n)
    expect(await heights()).toEqual([9n, 8n])
  })

  test('deeper than what is followed: blocks below are read again as well', async () => {
    await follow({
      ...height(10n),
      fork: 100n,
      forkedAt: 3n,
      events: [{ ...paid, blockNumber: 4n }],
    })
    expect(await settled()).toBe(40n)
    expect(await heights()).toEqual([10n, 0n])
  })

  test('of two instances on different forks each step is applied to the ledger that it was made for', async () => {
    const forked = { ...height(11n), fork: 100n, forkedAt: 10n }
    await Promise.all([
      follow({ ...height(11n), events: [{ ...paid, blockNumber: 11n }] }),
      follow({ ...forked, events: [{ ...paid, blockNumber: 11n }] }),
    ])
    for (let step = 0; step < 2; step++)
      await follow({ ...forked, events: [{ ...paid, blockNumber: 11n }] })
    const [newest] = await ledger.followedBlocks(testChainId)
    expect(newest?.hash).toBe(hash(111n))
    expect(await ledger.budget(policy, 1_000)).toMatchObject({ settled: 40n, reserved: 0n })
  })
})
