import { describe, expect, test } from 'vitest'
import { ChainError } from '../types/chainError.ts'
import { RpcError } from '../types/rpcError.ts'
import { checkNode } from './checkNode.ts'

const hash = `0x${'1'.repeat(64)}`

/** A node whose newest block is `number`, made at second 1,000. */
function nodeAt(number: number, syncing: () => unknown = () => false) {
  return {
    async request(method: string): Promise<unknown> {
      if (method === 'eth_syncing') return syncing()
      const quantities = { number: `0x${number.toString(16)}`, timestamp: '0x3e8', gasLimit: '0x1' }
      return { ...quantities, hash, parentHash: hash }
    },
  }
}

const options = { settled: { number: 100 }, maxHeadAge: 0, now: 9_999_000 }

describe('checkNode', () => {
  test.each([
    { number: 100, verdict: true },
    { number: 110, verdict: true },
    {
      number: 111,
      verdict: 'block 100 is the last one settled, 11 behind the node (at most 10)',
    },
  ])('with the node at block $number: $verdict', async ({ number, verdict }) => {
    expect(await checkNode(nodeAt(number), options)).toBe(verdict)
  })

  test.each([
    { now: 1_060_999, verdict: true },
    {
      now: 1_061_000,
      verdict: 'the newest block 100 of the node is 61 seconds old (at most 60)',
    },
  ])('at $now ms the newest block is: $verdict', async ({ now, verdict }) => {
    expect(await checkNode(nodeAt(100), { ...options, maxHeadAge: 60, now })).toBe(verdict)
  })

  test('one that is syncing is not at the head', async () => {
    const syncing = nodeAt(100, () => ({ currentBlock: '0x1', highestBlock: '0x2' }))
    expect(await checkNode(syncing, options)).toBe('the node is syncing')
  })

  test('a provider without eth_syncing is not asked for more', async () => {
    const provider = nodeAt(100, () => {
      throw new ChainError('eth_syncing', -32601, 'no such method')
    })
    expect(await checkNode(provider, options)).toBe(true)
  })

  test('before the first look at the chain nothing is ready', async () => {
    const verdict = await checkNode(nodeAt(100), { ...options, settled: undefined })
    expect(verdict).toBe('the chain has not been read yet')
  })

  test('a node that is away is an error', async () => {
    const away = new RpcError(-32000, 'the node did not answer')
    const request = () => Promise.reject(away)
    await expect(checkNode({ request }, options)).rejects.toBe(away)
  })
})
