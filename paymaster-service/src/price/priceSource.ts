import type { EtherPrice } from '../policy/price.ts'

/** Where the price of ether comes from. */
export type PriceSource = {
  /** The newest price that is known; `undefined` when there is none. Its age is the caller's to judge. */
  priceOf(): Promise<EtherPrice | undefined>
}

/** For a service without caps in USD. */
export const noPrice: PriceSource = { priceOf: async () => undefined }

/** A price that whoever runs the service answers for; never stale. */
export function fixedPrice(microUsdPerEther: bigint, clock: () => number): PriceSource {
  return { priceOf: async () => ({ microUsdPerEther, updatedAt: clock() }) }
}
