import fc from 'fast-check'
import type { Log } from 'viem'
import { describe, expect, test } from 'vitest'
import { HistoryUnstableError } from '../errors/history.ts'
import { logOf } from '../testing/chain.ts'
import { testNode, timeOf } from '../testing/node.ts'
import { getJobHistory } from './getJobHistory.ts'

const [renter, host] = [
  '0x1100000000000000000000000000000000000011',
  '0x2200000000000000000000000000000000000022',
] as const
const posted = {
  jobId: 7n,
  renter,
  token: host,
  payment: 5n,
  modelId: 'llama-70b',
  deadline: 9n,
}
const life: Readonly<Record<number, readonly Log[]>> = {
  4: [logOf('marketplace', 'JobPosted', posted)],
  70: [logOf('marketplace', 'JobClaimed', { jobId: 7n, host })],
  117: [logOf('marketplace', 'JobAbandoned', { jobId: 7n, host, forfeitedBond: 0n })],
  119: [logOf('marketplace', 'JobClaimed', { jobId: 7n, host })],
}
/** Block and time of what has happened up to a block. */
const upTo = (last: number) =>
  Object.keys(life)
    .map(Number)
    .filter((number) => number <= last)
    .map((number) => [BigInt(number), timeOf(number)])

describe('a history', () => {
  test('is what happened up to its block, whichever node behind a balancer answers which question', async () => {
    const head = 120
    let told = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2, 5), { maxLength: 200, size: 'max' }),
        fc.option(fc.integer({ min: 100, max: 120 }), { nil: undefined }),
        async (lags, toBlock) => {
          const left = [...lags]
          const node = testNode({
            head,
            logs: life,
            answer: (_, forward) => forward(head - (left.shift() ?? 0)),
          })
          const history = await getJobHistory(node, {
            jobId: 7n,
            ...(toBlock !== undefined && { toBlock: BigInt(toBlock) }),
          }).catch((error: unknown) => {
            expect(error).toBeInstanceOf(HistoryUnstableError)
            return undefined
          })
          if (!history) return
          told += 1
          const last = Number(history.blockNumber)
          if (toBlock !== undefined) expect(last).toBe(toBlock)
          expect(history.timestamp).toBe(timeOf(last))
          const events = history.events.map(({ blockNumber, timestamp }) => [
            blockNumber,
            timestamp,
          ])
          expect(events).toEqual(upTo(last))
        },
      ),
      { numRuns: 200 },
    )
    expect(told).toBeGreaterThan(100)
  })

  test.each([
    { toBlock: undefined, byHash: 64 },
    { toBlock: 119n, byHash: 63 },
    { toBlock: 56n, byHash: 0 },
    { reorgDepth: 8, byHash: 8 },
    { fromBlock: 100n, toBlock: 119n, byHash: 20 },
  ])(
    'up to $toBlock asks for $byHash blocks by their hashes, once',
    async ({ byHash, ...options }) => {
      const node = testNode({ head: 120, logs: life })
      await getJobHistory(node, { jobId: 7n, ...options }).catch(() => {})
      const asked = node.asked('eth_getLogs').filter((filter) => 'blockHash' in (filter as object))
      expect(asked).toHaveLength(byHash)
    },
  )
})
