import fc from 'fast-check'
import type { Hex, Log } from 'viem'
import { describe, expect, test } from 'vitest'
import { testContracts } from '../testing/addressBook.ts'
import { logOf } from '../testing/chain.ts'
import { testNode } from '../testing/node.ts'
import { JobClaimed } from './generated/jobMarketplace.ts'
import { readLogs, topicOf } from './readLogs.ts'

const host = '0x2200000000000000000000000000000000000022'
const claimed = (jobId: bigint) => logOf('marketplace', 'JobClaimed', { jobId, host })
const filter = { address: testContracts.marketplace, topics: [topicOf(JobClaimed)] }

/** A node of 50,000 blocks with claims in some of them. It refuses more blocks at a time, or more logs, than these. */
function limited(blocks: readonly number[], { maxBlocks = 100_000, maxLogs = 100_000 }) {
  const logs: Record<number, Log[]> = {}
  for (const block of blocks) logs[block] = [...(logs[block] ?? []), claimed(BigInt(block))]
  const head = 50_000
  return testNode({
    head,
    logs,
    answer({ method, params: [asked] = [] }, forward) {
      const answer = forward()
      if (method !== 'eth_getLogs') return answer
      const { fromBlock, toBlock } = asked as { fromBlock: Hex; toBlock: Hex | 'latest' }
      const last = toBlock === 'latest' ? head : Number(toBlock)
      const isTooMuch = last - Number(fromBlock) >= maxBlocks || (answer as []).length > maxLogs
      if (isTooMuch) throw Object.assign(new Error('query exceeds the limit'), { code: -32602 })
      return answer
    },
  })
}

describe('logs', () => {
  test('come with one question, where the node allows it', async () => {
    const node = limited([3, 49_999], {})
    const logs = await readLogs(node.client, { ...filter, fromBlock: 3n })
    expect(logs.map(({ blockNumber }) => Number(blockNumber))).toEqual([3, 49_999])
    expect(node.asked('eth_getLogs')).toMatchObject([{ fromBlock: '0x3', toBlock: 'latest' }])
  })

  test('are all there and in order, whatever the node allows', async () => {
    const blocks = fc.array(fc.nat(50_000), { maxLength: 60, size: 'max' })
    const limits = fc.oneof(
      fc.record({ maxBlocks: fc.integer({ min: 500, max: 60_000 }) }),
      fc.record({ maxLogs: fc.integer({ min: 3, max: 30 }) }),
    )
    await fc.assert(
      fc.asyncProperty(blocks, limits, fc.nat(50_000), async (blocks, limits, from) => {
        const inOrder = blocks.toSorted((a, b) => a - b)
        // What one block holds cannot be parted.
        const most = Math.max(
          0,
          ...Object.values(Object.groupBy(blocks, String)).map((all) => all?.length ?? 0),
        )
        fc.pre(most <= 3)
        const { client } = limited(blocks, limits)
        const logs = await readLogs(client, { ...filter, fromBlock: BigInt(from) })
        expect(logs.map(({ topics: [, jobId = '0x'] }) => Number(jobId))).toEqual(
          inOrder.filter((block) => block >= from),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('of a node that allows no block at all are its refusal', async () => {
    const { client } = limited([3], { maxBlocks: 0 })
    await expect(readLogs(client, { ...filter, fromBlock: 0n })).rejects.toThrow(
      /exceeds the limit/,
    )
  })

  test('of a node that does not answer are not asked for again', async () => {
    const silent = Object.assign(new Error('no answer'), { name: 'TimeoutError' })
    const node = testNode({ head: 9, answer: () => Promise.reject(silent) })
    await expect(readLogs(node.client, { ...filter, fromBlock: 0n })).rejects.toThrow(/no answer/)
    expect(node.asked('eth_getLogs')).toHaveLength(1)
  })
})
