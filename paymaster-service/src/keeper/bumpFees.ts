/** What a transaction bids. Wei per gas. */
export type Fees = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }

/** What the next block asks for. Wei per gas. */
export type Market = { baseFee: bigint; tip: bigint }

/** Times the base fee that is bid: what a keeper does must not wait for cheaper blocks. */
const baseFeeMargin = 3n
/** Per mille of both fees that nodes want of a transaction in the place of another: one tenth, some an eighth. */
const replacement = 1_125n

/**
 * The bid of a new transaction.
 * @param highest Most that is ever bid. @returns `undefined` while the base fee is above it.
 */
export function firstFees({ baseFee, tip }: Market, highest: bigint): Fees | undefined {
  if (baseFee > highest) return undefined
  const maxFeePerGas = least(baseFeeMargin * baseFee + tip, highest)
  return { maxFeePerGas, maxPriorityFeePerGas: least(tip, maxFeePerGas) }
}

/** The bid that takes the place of `before`; `undefined` where that would be more than `highest`. */
export function bumpFees(before: Fees, market: Market, highest: bigint): Fees | undefined {
  const maxFeePerGas = raised(before.maxFeePerGas)
  const maxPriorityFeePerGas = raised(before.maxPriorityFeePerGas)
  if (maxFeePerGas > highest) return undefined
  const wanted = firstFees(market, highest) ?? { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
  const fee = most(maxFeePerGas, wanted.maxFeePerGas)
  return {
    maxFeePerGas: fee,
    maxPriorityFeePerGas: least(most(maxPriorityFeePerGas, wanted.maxPriorityFeePerGas), fee),
  }
}

/** Rounded up, and never the same. */
function raised(fee: bigint): bigint {
  return (fee * replacement) / 1_000n + 1n
}

const least = (a: bigint, b: bigint) => (a < b ? a : b)
const most = (a: bigint, b: bigint) => (a > b ? a : b)
