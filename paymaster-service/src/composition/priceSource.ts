import { createPublicClient, http } from 'viem'
import type { ServiceConfig } from '../config/schema.ts'
import { ConfigError } from '../config/schema.ts'
import { readMicroUsd } from '../policy/capsDocument.ts'
import { feedPrice } from '../price/feedPrice.ts'
import type { PriceSource } from '../price/priceSource.ts'
import { fixedPrice, noPrice } from '../price/priceSource.ts'

/** Seconds between two looks at a feed, when it is asked for at all. */
const refreshSeconds = 10

/**
 * The price source of the options.
 * @throws ConfigError when there are two.
 */
export function createPriceSource(
  {
    rpcUrl,
    etherPriceUsd,
    priceFeed,
  }: Pick<ServiceConfig, 'rpcUrl' | 'etherPriceUsd' | 'priceFeed'>,
  clock: () => number,
): PriceSource {
  if (etherPriceUsd !== undefined && priceFeed)
    throw new ConfigError(['priceFeed: expected one of etherPriceUsd and priceFeed, not both'])
  if (etherPriceUsd !== undefined) return fixedPrice(readMicroUsd(etherPriceUsd), clock)
  if (priceFeed) {
    const client = createPublicClient({ transport: http(rpcUrl, { batch: true, retryCount: 1 }) })
    return feedPrice({ client, feed: priceFeed, refreshSeconds, clock })
  }
  return noPrice
}
