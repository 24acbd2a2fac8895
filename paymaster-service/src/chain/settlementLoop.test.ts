import { defaultEntryPoint } from '@fabstir/erc4337'
import { numberToHex } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogger } from '../observability/logger.ts'
import { testChainId, testPaymaster } from '../testing/fixtures.ts'
import type { TestLedger } from '../testing/ledgers.ts'
import { openTestLedger } from '../testing/ledgers.ts'
import type { ChainReader } from './chainReader.ts'
import { NodeUnavailableError } from './chainReader.ts'
import type { SettlementLoop } from './settlementLoop.ts'
import { startSettlementLoop } from './settlementLoop.ts'

let ledger: TestLedger
let loop: SettlementLoop | undefined

beforeEach(async () => {
  ledger = await openTestLedger('memory')
})

afterEach(async () => {
  await loop?.stop()
  await ledger.store.close()
})

const block = (number: bigint) => ({
  number,
  hash: numberToHex(number, { size: 32 }),
  timestamp: 1_000,
})

/** A node with 2,000 blocks. */
const chain = (overrides: Partial<ChainReader>): ChainReader => ({
  chainId: async () => testChainId,
  senderState: () => Promise.reject(new Error('not asked')),
  block: async (number) => block(number === 'latest' ? 2_000n : number),
  operationEvents: async () => [],
  ...overrides,
})

/** A loop that takes steps of its own only while there is more to follow. */
const start = async (reader: ChainReader, pollingIntervalMs = 600_000) => {
  loop = await startSettlementLoop({
    chain: reader,
    ledger,
    chainId: testChainId,
    paymasters: async () => [{ entryPoint: defaultEntryPoint.address, paymaster: testPaymaster }],
    confirmations: 0,
    expiryMargin: 60,
    pollingIntervalMs,
    log: createLogger({ level: 'silent', secrets: [] }),
    now: () => performance.now(),
  })
  return loop
}

test('it follows once the ledger has a place, and not while the node has no block for one', async () => {
  const lagging = chain({
    block: async (number) => (number === 'latest' ? block(2_000n) : undefined),
  })
  expect((await start(lagging)).following()).toBe(false)
  await loop?.stop()
  expect((await start(chain({}))).following()).toBe(true)
  await loop?.stop()
  // An older ledger has one: what is signed now is in blocks above it.
  expect((await start(lagging)).following()).toBe(true)
})

test('a node that came up as one of another chain is not followed', async () => {
  const found = await start(chain({ chainId: async () => testChainId + 1 }))
  expect(found.following()).toBe(false)
  expect(await ledger.followedBlocks(testChainId)).toEqual([])
})

test('after an absence it asks for fewer blocks where the provider refuses a range, until it is there', async () => {
  await ledger.follow({
    chainId: testChainId,
    through: block(10n),
    charges: [],
    consumed: [],
    expireBefore: 0,
  })
  const ranges: bigint[] = []
  const arrived = new Promise<void>((resolve) => {
    const picky = chain({
      operationEvents: async ({ fromBlock, toBlock }) => {
        const length = toBlock - fromBlock + 1n
        if (length > 100n) throw new NodeUnavailableError(new Error('up to a 100 block range'))
        ranges.push(length)
        if (toBlock === 2_000n) resolve()
        return []
      },
    })
    void start(picky, 1)
  })
  await arrived
  expect(ranges.reduce((sum, length) => sum + length, 0n)).toBe(1_990n)
})
