import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Hash } from 'viem'
import { numberToHex } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Ledger } from '../ledger/ledger.ts'
import { openLedger } from '../ledger/openLedger.ts'
import { parsePolicy } from '../policy/policy.ts'
import { testChainId, testPaymaster, testPolicy, testSender } from '../testing/fixtures.ts'
import type { ChainReader, OperationEvent } from './chainReader.ts'
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
  actualGasCost: 40n,
  actualGasUsed: 4n,
  blockNumber: 10n,
  transactionHash: hash(8),
}

let ledger: Ledger

beforeEach(async () => {
  ledger = await openLedger('memory')
})

afterEach(() => ledger.close())

/** `head` is what the node knows that answers `latest`; the one asked for blocks and events knows `height`. */
const follow = (
  { head, height, events = [] }: { head: bigint; height: bigint; events?: OperationEvent[] },
  overrides: Partial<SettlementParameters> = {},
) => {
  const chain: ChainReader = {
    chainId: async () => testChainId,
    senderState: async () => {
      throw new Error('not asked')
    },
    block: async (number) => {
      if (number === 'latest') return blockOf(head)
      return number <= height ? blockOf(number) : undefined
    },
    operationEvents: async ({ fromBlock, toBlock }) =>
      events.filter(
        ({ blockNumber }) =>
          blockNumber >= fromBlock && blockNumber <= toBlock && blockNumber <= height,
      ),
  }
  return followChain({
    chain,
    ledger,
    chainId: testChainId,
    paymasters: [{ entryPoint: defaultEntryPoint.address, paymaster: testPaymaster }],
    confirmations: 0,
    expiryMargin: 60,
    ...overrides,
  })
}

const reserve = () =>
  ledger.reserve({
    chainId: testChainId,
    paymaster: testPaymaster,
    sender: testSender,
    nonce: 0n,
    policy,
    id: hash(1),
    amount: 100n,
    window: { validAfter: 900, validUntil: 1_600 },
    now: 1_000,
    keepUntil: 1_060,
  })
const settled = async () => (await ledger.usage(policy, 1_000)).settled

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
  expect(await ledger.usage(policy, 1_000)).toMatchObject({ settled: 0n, reserved: 100n })
})

test('a long absence is read in steps of 500 blocks', async () => {
  await follow({ head: 9n, height: 9n })
  await reserve()
  const late = { ...paid, blockNumber: 1_200n }
  const steps = []
  do steps.push(await follow({ head: 1_300n, height: 1_300n, events: [late] }))
  while (steps.at(-1)?.more && steps.length < 10)
  expect(steps.map((step) => step?.settled)).toEqual([0, 0, 1])
})
