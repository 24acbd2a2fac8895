import type { Address, PublicClient } from 'viem'
import { parseAbi } from 'viem'
import type { EtherPrice } from '../policy/price.ts'
import type { PriceSource } from './priceSource.ts'

/** What is asked of a feed in the shape of Chainlink's AggregatorV3Interface. */
const feedAbi = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
])

/** A feed with more decimals than this is not one of prices. */
const maxDecimals = 36

export type FeedPriceParameters = {
  client: Pick<PublicClient, 'readContract'>
  /** ETH / USD feed. */
  feed: Address
  /** Seconds that an answer is used again before the feed is asked anew. */
  refreshSeconds: number
  /** Unix seconds. */
  clock: () => number
}

/**
 * The price of a feed on the chain. An answer is shared by the requests of `refreshSeconds`. While
 * the node does not answer, the last price stays, and grows old.
 */
export function feedPrice({
  client,
  feed,
  refreshSeconds,
  clock,
}: FeedPriceParameters): PriceSource {
  let price: EtherPrice | undefined
  let decimals: number | undefined
  let nextRead = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  async function read(): Promise<void> {
    const contract = { address: feed, abi: feedAbi } as const
    decimals ??= await client.readContract({ ...contract, functionName: 'decimals' })
    const [roundId, answer, , updatedAt, answeredInRound] = await client.readContract({
      ...contract,
      functionName: 'latestRoundData',
    })
    price = toPrice({ decimals, roundId, answer, updatedAt, answeredInRound })
  }

  return {
    async priceOf() {
      if (clock() >= nextRead) {
        reading ??= read()
          .catch(() => {})
          .finally(() => {
            nextRead = clock() + refreshSeconds
            reading = undefined
          })
        await reading
      }
      return price
    },
  }
}

type Round = {
  decimals: number
  roundId: bigint
  answer: bigint
  updatedAt: bigint
  answeredInRound: bigint
}

/** `undefined` for a round that has no answer of its own: a feed that reports 0 or carries an old answer over. */
function toPrice(round: Round): EtherPrice | undefined {
  const { decimals, roundId, answer, updatedAt, answeredInRound } = round
  if (answer <= 0n || updatedAt === 0n || answeredInRound < roundId || decimals > maxDecimals)
    return undefined
  const unit = 10n ** BigInt(decimals)
  return {
    // Rounded up: what is spent is never worth more than what is booked.
    microUsdPerEther: (answer * 1_000_000n + unit - 1n) / unit,
    updatedAt: Number(updatedAt),
  }
}
