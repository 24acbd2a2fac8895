/** The price of ether, micro-USD (10^-6 USD), and when it was made, Unix seconds. */
export type EtherPrice = { microUsdPerEther: bigint; updatedAt: number }

/** What the rules know of the price at the moment of a reservation. */
export type PriceNow =
  | { kind: 'fresh'; microUsdPerEther: bigint }
  | { kind: 'stale' /** In words, with its numbers. */; reason: string }

const weiPerEther = 10n ** 18n
/** Clocks of chain and machine may differ by this much, seconds. */
const clockSkew = 300

/** Whether a price may be used: it is there, above 0, and not older than `maxAge` seconds. */
export function priceAt(price: EtherPrice | undefined, now: number, maxAge: number): PriceNow {
  if (!price) return { kind: 'stale', reason: 'there is no price of ether' }
  const { microUsdPerEther, updatedAt } = price
  if (microUsdPerEther <= 0n)
    return { kind: 'stale', reason: `the price of ether is ${microUsdPerEther} micro-USD` }
  const age = now - updatedAt
  if (age > maxAge)
    return { kind: 'stale', reason: `the price of ether is ${age} s old, ${maxAge} s are allowed` }
  if (age < -clockSkew)
    return { kind: 'stale', reason: `the price of ether is from ${-age} s in the future` }
  return { kind: 'fresh', microUsdPerEther }
}

/** What `wei` are worth, micro-USD, rounded up: a budget is never overdrawn by rounding. */
export function microUsdOf(wei: bigint, microUsdPerEther: bigint): bigint {
  return (wei * microUsdPerEther + weiPerEther - 1n) / weiPerEther
}
