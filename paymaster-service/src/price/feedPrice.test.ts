import type { Abi } from 'viem'
import {
  createPublicClient,
  custom,
  decodeFunctionData,
  encodeFunctionResult,
  parseAbi,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { feedPrice } from './feedPrice.ts'

const abi = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)',
])
const feed = '0x5f4ec3df9cbd43714fe2740f5e3616155c5b8419'

type Round = { answer: bigint; updatedAt: bigint; roundId?: bigint; answeredInRound?: bigint }

function setUp({ decimals = 8, round }: { decimals?: number; round: Round | undefined }) {
  const state = { round, now: 1_000, asked: 0 }
  const client = createPublicClient({
    transport: custom(
      {
        async request({ params }: { params: [{ data: `0x${string}` }] }) {
          const { functionName } = decodeFunctionData({ abi, data: params[0].data })
          if (functionName === 'decimals')
            return encodeFunctionResult({ abi: abi as Abi, functionName, result: decimals })
          state.asked++
          if (!state.round) throw new Error('the node is down')
          const { answer, updatedAt, roundId = 5n, answeredInRound = roundId } = state.round
          return encodeFunctionResult({
            abi: abi as Abi,
            functionName,
            result: [roundId, answer, updatedAt, updatedAt, answeredInRound],
          })
        },
      },
      { retryCount: 0 },
    ),
  })
  const { priceOf } = feedPrice({ client, feed, refreshSeconds: 10, clock: () => state.now })
  return { state, priceOf }
}

describe('feedPrice', () => {
  test.each([
    { decimals: 8, answer: 2_512_34567890n, microUsdPerEther: 2_512_345_679n },
    { decimals: 6, answer: 2_512_345_678n, microUsdPerEther: 2_512_345_678n },
    { decimals: 0, answer: 2_512n, microUsdPerEther: 2_512_000_000n },
    { decimals: 18, answer: 1n, microUsdPerEther: 1n },
  ])(
    '$answer with $decimals decimals are $microUsdPerEther micro-USD, rounded up',
    async ({ decimals, answer, microUsdPerEther }) => {
      const { priceOf } = setUp({ decimals, round: { answer, updatedAt: 990n } })
      expect(await priceOf()).toEqual({ microUsdPerEther, updatedAt: 990 })
    },
  )

  test.each<{ name: string; decimals?: number; round: Round }>([
    { name: 'an answer of 0', round: { answer: 0n, updatedAt: 990n } },
    { name: 'a negative answer', round: { answer: -1n, updatedAt: 990n } },
    { name: 'a round that has not ended', round: { answer: 1n, updatedAt: 0n } },
    {
      name: 'an answer carried over from an earlier round',
      round: { answer: 1n, updatedAt: 990n, answeredInRound: 4n },
    },
    { name: '37 decimals', decimals: 37, round: { answer: 1n, updatedAt: 990n } },
  ])('$name is no price', async ({ name: _, ...given }) => {
    expect(await setUp(given).priceOf()).toBeUndefined()
  })

  test('100 requests within 10 s ask once; after them the feed is asked again', async () => {
    const { state, priceOf } = setUp({ round: { answer: 100_000_000n, updatedAt: 990n } })
    await Promise.all(Array.from({ length: 100 }, priceOf))
    state.now += 9
    await priceOf()
    expect(state.asked).toBe(1)
    state.now += 1
    await priceOf()
    expect(state.asked).toBe(2)
  })

  test('while the node is down the last price stays, with its age', async () => {
    const { state, priceOf } = setUp({ round: { answer: 100_000_000n, updatedAt: 990n } })
    await priceOf()
    state.now += 5_000
    state.round = undefined
    expect(await priceOf()).toEqual({ microUsdPerEther: 1_000_000n, updatedAt: 990 })
  })

  test('a feed that begins to report nonsense has no price', async () => {
    const { state, priceOf } = setUp({ round: { answer: 100_000_000n, updatedAt: 990n } })
    await priceOf()
    state.now += 10
    state.round = { answer: 0n, updatedAt: 1_009n }
    expect(await priceOf()).toBeUndefined()
  })
})
