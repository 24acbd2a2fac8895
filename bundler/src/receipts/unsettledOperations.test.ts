import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { encodeAbiParameters, numberToHex, pad } from 'viem'
import { describe, expect, test, vi } from 'vitest'
import { testBlock } from '../testing/bundle.ts'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import { unsettledOperations } from './unsettledOperations.ts'
import { userOperationEventTopic } from './userOperationEvent.ts'

const entryPoint = defaultEntryPoint.address
const numbers = [
  { type: 'uint256' },
  { type: 'bool' },
  { type: 'uint256' },
  { type: 'uint256' },
] as const

const eventOf = (userOpHash: Hex, block: number) => ({
  address: entryPoint.toLowerCase(),
  topics: [userOperationEventTopic, userOpHash, pad(testAddress(1)), pad('0x00')],
  data: encodeAbiParameters(numbers, [0n, true, 1n, 1n]),
  blockHash: testBlock(block).hash,
  blockNumber: numberToHex(block),
  transactionHash: testHash(99),
  transactionIndex: '0x0',
  logIndex: '0x0',
})

/** A node at block `newest`, in whose block `n` operation `n` is. */
function nodeAt(newest: number) {
  const known = (hash: Hex) => {
    const number = Number(hash) - Number(testBlock(0).hash)
    return number <= newest ? number : undefined
  }
  const rpcBlock = (number: number) => {
    const { hash, parentHash } = testBlock(number)
    return { number: numberToHex(number), hash, parentHash, timestamp: '0x1', gasLimit: '0x1' }
  }
  return vi.fn(async (method: string, params: unknown[]) => {
    if (method === 'eth_getBlockByNumber') return rpcBlock(newest)
    if (method === 'eth_getLogs') {
      const [{ blockHash }] = params as [{ blockHash: Hex }]
      const number = known(blockHash)
      if (number === undefined) throw new Error('unknown block')
      return [eventOf(testHash(number), number)]
    }
    const number = known((params as [Hex])[0])
    return number === undefined ? null : rpcBlock(number)
  })
}

const find = (request: ReturnType<typeof nodeAt>, head: number, seen: number | undefined) =>
  unsettledOperations({ reader: { request }, entryPoints: [entryPoint] }, { number: head }, seen)

describe('unsettledOperations', () => {
  test('with a dry run on the settled head there is nothing to ask', async () => {
    const node = nodeAt(10)
    expect(await find(node, 10, 10)).toEqual(new Set())
    expect(node).not.toHaveBeenCalled()
  })

  test.each([{ seen: 12 }, { seen: undefined }])(
    'it finds what blocks after the head hold, seen $seen',
    async ({ seen }) => {
      expect(await find(nodeAt(12), 10, seen)).toEqual(new Set([testHash(11), testHash(12)]))
    },
  )

  test('a replica that does not have the block of the dry run says nothing', async () => {
    await expect(find(nodeAt(11), 10, 12)).rejects.toMatchObject({ code: -32000 })
  })

  test('too many blocks cannot be told', async () => {
    expect(await find(nodeAt(175), 110, 111)).toBeUndefined()
    expect((await find(nodeAt(174), 110, 111))?.size).toBe(64)
  })
})
