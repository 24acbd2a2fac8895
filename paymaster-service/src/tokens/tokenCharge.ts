/** The EntryPoint's own work around `postOp` that TokenPaymaster charges for, gas (ENTRY_POINT_GAS). */
export const entryPointGas = 5_000n

const basisPoints = 10_000n
const weiPerEther = 10n ** 18n

/** Basis points above the rate that a quote names: rounding, and feeds that are read anew before inclusion. */
const quoteRoomBps = 100n
/** Basis points above the charge that `maxCharge` leaves for a feed that moves before inclusion. */
const feedRoomBps = 500n

/** What 10^18 wei of gas cost in the token's smallest unit, as the contract charges it: with the markup, rounded up. */
export function rateOf(price: bigint, markupBps: bigint): bigint {
  return ceilDiv(price * (basisPoints + markupBps), basisPoints)
}

/** The rate that a client reckons an approval with: never less than what is taken. */
export function quotedRate(rate: bigint): bigint {
  return ceilDiv(rate * (basisPoints + quoteRoomBps), basisPoints)
}

/**
 * What the contract takes before the operation, in the token's smallest unit.
 * @param prefund The EntryPoint's required prefund, wei.
 */
export function chargeOf(prefund: bigint, maxFeePerGas: bigint, rate: bigint): bigint {
  return ceilDiv((prefund + entryPointGas * maxFeePerGas) * rate, weiPerEther)
}

/** The most that the sender lets be taken, where the rate is a feed's. */
export function maxChargeOf(charge: bigint): bigint {
  return ceilDiv(charge * (basisPoints + feedRoomBps), basisPoints)
}

/** Price of ether in a token's smallest unit for 10^18 wei, from the prices of both in micro-USD. Rounded up. */
export function crossPrice(
  microUsdPerEther: bigint,
  microUsdPerToken: bigint,
  decimals: number,
): bigint {
  return ceilDiv(microUsdPerEther * 10n ** BigInt(decimals), microUsdPerToken)
}

function ceilDiv(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}
