import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import type { BlockRef } from '../types/bundle.ts'
import { createHeadTracker } from './headTracker.ts'

/** A chain that can be mined, forked and cut. Block hashes are unique over all forks. */
function modelChain() {
  let blocks: { number: number; hash: `0x${string}`; parentHash: `0x${string}` }[] = []
  let made = 0
  const all = new Map<string, (typeof blocks)[number]>()
  const mine = (count = 1) => {
    for (let i = 0; i < count; i++) {
      const parentHash = blocks.at(-1)?.hash ?? testHash(0)
      const block = { number: blocks.length, hash: testHash(++made), parentHash }
      blocks.push(block)
      all.set(block.hash, block)
    }
  }
  const rpcBlock = (block: (typeof blocks)[number] | undefined) =>
    block
      ? { ...block, number: `0x${block.number.toString(16)}`, timestamp: '0x1', gasLimit: '0x1' }
      : null
  const logOf = (block: (typeof blocks)[number]) => ({ blockHash: block.hash })
  mine()
  return {
    /** Blocks that the replica asked next is behind. */
    lag: 0,
    mine,
    cut(count: number) {
      blocks = blocks.slice(0, blocks.length - count)
    },
    hashes: () => blocks.map(({ hash }) => hash),
    length: () => blocks.length,
    async request(method: string, [first]: unknown[]) {
      if (method === 'eth_getBlockByNumber') {
        return rpcBlock(first === 'latest' ? blocks.at(-1 - this.lag) : blocks[Number(first)])
      }
      if (method === 'eth_getBlockByHash') return rpcBlock(all.get(String(first)))
      const filter = first as { blockHash?: string; fromBlock?: string; toBlock?: string }
      if (filter.blockHash) return blocks.filter(({ hash }) => hash === filter.blockHash).map(logOf)
      return blocks.slice(Number(filter.fromBlock), Number(filter.toBlock) + 1).map(logOf)
    },
  }
}

function follow(chain: ReturnType<typeof modelChain>, known: BlockRef[] = []) {
  const clock = { now: 0 }
  const now = () => clock.now
  const tracker = createHeadTracker({ reader: chain, addresses: [testAddress(1)], known, now })
  return {
    tracker,
    clock,
    async next() {
      const change = await tracker.poll()
      if (change) tracker.advance(change)
      return (
        change && {
          removed: change.removed.map(({ hash }) => hash),
          added: change.added.map(({ hash }) => hash),
          logs: change.logs.map(({ blockHash }) => blockHash),
        }
      )
    },
  }
}

describe('createHeadTracker', () => {
  test('it begins at the head, and reports new blocks with their logs once', async () => {
    const chain = modelChain()
    chain.mine(3)
    const { next } = follow(chain)
    expect(await next()).toEqual({ removed: [], added: chain.hashes().slice(-1), logs: [] })
    chain.mine(2)
    const added = chain.hashes().slice(-2)
    expect(await next()).toEqual({ removed: [], added, logs: added })
    expect(await next()).toBeUndefined()
  })

  test('a fork removes the blocks behind the common ancestor', async () => {
    const chain = modelChain()
    chain.mine(3)
    const { next } = follow(chain)
    await next()
    chain.mine(2)
    await next()
    const removed = chain.hashes().slice(-2)
    chain.cut(2)
    chain.mine(3)
    const added = chain.hashes().slice(-3)
    expect(await next()).toEqual({ removed, added, logs: added })
  })

  test.each([
    { name: 'behind', mined: 0 },
    { name: 'on another fork of the same height', mined: 1 },
  ])(
    'a node that is $name is waited for; one that stays there has really gone there',
    async (row) => {
      const chain = modelChain()
      const { next, clock } = follow(chain)
      await next()
      chain.mine(2)
      await next()
      const removed = chain.hashes().slice(-1)
      chain.cut(1)
      chain.mine(row.mined)
      const added = row.mined > 0 ? chain.hashes().slice(-row.mined) : []
      for (let poll = 1; poll < 6; poll++) expect(await next()).toBeUndefined()
      clock.now += 1_499
      expect(await next()).toBeUndefined()
      clock.now += 1
      expect(await next()).toEqual({ removed, added, logs: added })
      expect(await next()).toBeUndefined()
    },
  )

  test('answers of a lagging replica between those of others are never a reorg', async () => {
    const chain = modelChain()
    const { next, clock } = follow(chain)
    await next()
    chain.mine(2)
    await next()
    for (let poll = 0; poll < 20; poll++) {
      clock.now += 1_000
      chain.lag = poll % 5 === 4 ? 0 : 1
      expect(await next()).toBeUndefined()
    }
  })

  test('until advance the same change is reported again', async () => {
    const chain = modelChain()
    const { tracker, next } = follow(chain)
    await next()
    chain.mine()
    expect(await tracker.poll()).toEqual(await tracker.poll())
  })

  test('after a restart on a known head, the head is reported without blocks', async () => {
    const chain = modelChain()
    chain.mine(2)
    const known = chain.hashes().map((hash, number) => ({ number, hash }))
    const { next } = follow(chain, known)
    expect(await next()).toEqual({ removed: [], added: [], logs: [] })
    expect(await next()).toBeUndefined()
  })

  test('a gap of thousands of blocks misses no log', async () => {
    const chain = modelChain()
    const { next } = follow(chain, [{ number: 0, hash: chain.hashes()[0] ?? '0x' }])
    chain.mine(4_500)
    const change = await next()
    expect(change?.logs).toEqual(chain.hashes().slice(1))
    expect(change?.added).toEqual(chain.hashes().slice(-64))
    expect(change?.removed).toEqual([])
  })

  test('a fork during a long stop removes what was known of the old one', async () => {
    const chain = modelChain()
    chain.mine(5)
    const known = chain.hashes().map((hash, number) => ({ number, hash }))
    chain.cut(2)
    chain.mine(100)
    const change = await follow(chain, known).next()
    expect(change?.removed).toEqual(known.slice(-2).map(({ hash }) => hash))
    expect(change?.logs).toEqual(chain.hashes().slice(4))
  })

  test('whatever the chain does, added less removed is the chain', async () => {
    const step = fc.record({ cut: fc.nat(4), mine: fc.integer({ min: 1, max: 6 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const chain = modelChain()
        chain.mine(20)
        const { next } = follow(chain)
        const seen = [...((await next())?.added ?? [])]
        const start = chain.length() - 1
        for (const { cut, mine } of steps) {
          chain.cut(Math.min(cut, chain.length() - start - 1))
          chain.mine(mine)
          const change = await next()
          if (!change) continue
          expect(seen.splice(seen.length - change.removed.length)).toEqual(change.removed)
          seen.push(...change.added)
          expect(seen).toEqual(chain.hashes().slice(start))
        }
      }),
      { numRuns: 50 },
    )
  })
})
