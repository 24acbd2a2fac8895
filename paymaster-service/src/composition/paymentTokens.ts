import { createPublicClient, http } from 'viem'
import { resolveTokenPaymasters } from '../config/resolve.ts'
import type { ServiceConfig } from '../config/schema.ts'
import { ConfigError } from '../config/schema.ts'
import { readMicroUsd } from '../policy/capsDocument.ts'
import type { PriceSource } from '../price/priceSource.ts'
import type { Tokens } from '../rpc/pm/payers.ts'
import { localSigner } from '../signing/signer.ts'
import { tokenContract } from '../tokens/tokenContract.ts'
import { createTokenPayments } from '../tokens/tokenPayments.ts'

/**
 * Gas in tokens, when there is a TokenPaymaster.
 * @throws ConfigError
 */
export function paymentTokens(
  config: ServiceConfig,
  price: PriceSource,
  clock: () => number,
): Tokens | undefined {
  const payers = resolveTokenPaymasters(config)
  if (payers.length === 0) return undefined
  const { rpcUrl, chainId, quoteSignerKey, etherPriceUsd, priceFeed } = config
  if (etherPriceUsd === undefined && !priceFeed)
    throw new ConfigError([
      'tokenPaymasters: quotes need the price of ether; give priceFeed or etherPriceUsd',
    ])
  const client = createPublicClient({
    transport: http(rpcUrl, { batch: true, timeout: 10_000, retryCount: 1 }),
  })
  const tokens = config.paymentTokens.map(({ address, usd }, index) => {
    const microUsd = usd === undefined ? undefined : readMicroUsd(usd)
    if (microUsd === 0n) throw new ConfigError([`paymentTokens.${index}.usd: expected more than 0`])
    return { address, microUsd }
  })
  const payments = createTokenPayments({
    chainId,
    contract: tokenContract(client),
    tokens,
    signer: quoteSignerKey && localSigner(quoteSignerKey),
    price,
    priceMaxAge: config.priceMaxAgeSeconds,
    clock,
  })
  return { payers, payments }
}
