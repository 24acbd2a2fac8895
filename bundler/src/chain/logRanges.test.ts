import { describe, expect, test } from 'vitest'
import { testAddress } from '../testing/pooledOperation.ts'
import { getLogsInRanges } from './logRanges.ts'
import { ChainError } from './reader.ts'

/** A node with one log in each block that takes ranges of at most `limit` blocks. */
function nodeWith(limit: number) {
  const asked: [number, number][] = []
  const request = async (method: string, params: unknown[]) => {
    const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }]
    const [from, to] = [Number(fromBlock), Number(toBlock)]
    asked.push([from, to])
    if (to - from + 1 > limit) throw new ChainError(method, -32_005, 'query returned more results')
    return Array.from({ length: to - from + 1 }, (_, index) => ({ blockNumber: from + index }))
  }
  return { request, asked }
}

const numbers = async (node: ReturnType<typeof nodeWith>, from: number, to: number) => {
  const logs = await getLogsInRanges(node, { from, to, addresses: [testAddress(1)] })
  return logs.map(({ blockNumber }) => Number(blockNumber))
}

describe('getLogsInRanges', () => {
  test.each([{ limit: 2_000 }, { limit: 500 }, { limit: 10 }, { limit: 1 }])(
    'every block once, in order, with at most $limit blocks at a time',
    async ({ limit }) => {
      const found = await numbers(nodeWith(limit), 5, 4_104)
      expect(found).toEqual(Array.from({ length: 4_100 }, (_, index) => index + 5))
    },
  )

  test('what was refused once is not tried again', async () => {
    const node = nodeWith(500)
    await numbers(node, 0, 3_999)
    expect(node.asked.slice(0, 4)).toEqual([
      [0, 1_999],
      [0, 999],
      [0, 499],
      [500, 999],
    ])
    expect(node.asked).toHaveLength(2 + 8)
  })

  test('a node that refuses single blocks is an error', async () => {
    await expect(numbers(nodeWith(0), 7, 9)).rejects.toThrow(ChainError)
  })
})
