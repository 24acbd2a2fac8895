import { paysNoFees } from '../fees/zeroFee.ts'
import { largerOf, smallerOf } from '../math/amounts.ts'
import type { BundleTransaction } from '../types/bundle.ts'

/** Wei per gas. */
export type Fees = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }

/**
 * Fees of a new bundle: the tip is the least that any operation pays above the base fee, and the cap
 * leaves room for a doubled base fee, but never goes beyond what the poorest operation pays. So,
 * whatever the base fee is when it is mined, the executor pays no more per gas than any operation.
 * Operations that pay nothing are on the executor's account and bound nothing.
 */
export function bundleFees(operations: readonly Fees[], baseFee: bigint): Fees {
  const payers = operations.filter((op) => !paysNoFees(op))
  const tips = payers.map(({ maxFeePerGas, maxPriorityFeePerGas }) => {
    return smallerOf(maxFeePerGas - baseFee, maxPriorityFeePerGas)
  })
  const least = tips.reduce((low, tip) => smallerOf(low, tip), tips[0] ?? 0n)
  const maxPriorityFeePerGas = largerOf(least, 0n)
  const roomy = 2n * baseFee + maxPriorityFeePerGas
  return { maxPriorityFeePerGas, maxFeePerGas: smallerOf(roomy, leastCap(payers) ?? roomy) }
}

function leastCap(operations: readonly Fees[]): bigint | undefined {
  const caps = operations.map(({ maxFeePerGas }) => maxFeePerGas)
  return caps.reduce<bigint | undefined>((low, cap) => smallerOf(low ?? cap, cap), undefined)
}

/** Percent by which nodes want both fees of a replacement to rise: geth 10, some 12.5. */
const REPLACEMENT_PERMILLE = 125n
/** Replacements of one nonce never offer more than this many times the fees of the first transaction. */
const MAX_FEE_MULTIPLE = 10n

/**
 * Fees of the next transaction on a stuck nonce: 12.5 % above the last one, and at least the market's.
 * @returns `undefined` when the limit of ten times the first fees is reached.
 */
export function replacementFees(
  transactions: readonly Pick<BundleTransaction, 'maxFeePerGas' | 'maxPriorityFeePerGas'>[],
  market: Fees,
): Fees | undefined {
  const [first] = transactions
  const last = transactions.at(-1)
  if (!first || !last) return market
  const maxFeePerGas = largerOf(bump(last.maxFeePerGas), market.maxFeePerGas)
  const maxPriorityFeePerGas = largerOf(
    bump(last.maxPriorityFeePerGas),
    market.maxPriorityFeePerGas,
  )
  if (maxFeePerGas > largerOf(first.maxFeePerGas, market.maxFeePerGas) * MAX_FEE_MULTIPLE)
    return undefined
  return {
    maxFeePerGas: largerOf(maxFeePerGas, maxPriorityFeePerGas),
    maxPriorityFeePerGas,
  }
}

/**
 * The operations that can pay for a replacement, and its fees: what `replacementFees` wants, but the
 * cap no higher than any of them pays. Only the tip may exceed theirs, by the rise that nodes demand.
 * @param baseFee Of the newest block, wei per gas.
 * @returns No operations when none can pay: then only a cancellation frees the nonce.
 */
export function paidReplacement<T extends { op: Fees }>(
  operations: readonly T[],
  transactions: readonly Pick<BundleTransaction, 'maxFeePerGas' | 'maxPriorityFeePerGas'>[],
  wanted: Fees,
  baseFee: bigint,
): { operations: T[]; fees: Fees } {
  const last = transactions.at(-1)
  const leastFee = largerOf(last ? bump(last.maxFeePerGas) : 0n, baseFee)
  const leastTip = last ? bump(last.maxPriorityFeePerGas) : 0n
  const payers = operations.filter(
    ({ op }) => paysNoFees(op) || (op.maxFeePerGas >= leastFee && op.maxFeePerGas >= leastTip),
  )
  const paid = bundleFees(
    payers.map(({ op }) => op),
    baseFee,
  )
  const maxFeePerGas = smallerOf(
    wanted.maxFeePerGas,
    leastCap(payers.map(({ op }) => op).filter((op) => !paysNoFees(op))) ?? wanted.maxFeePerGas,
  )
  const tip = smallerOf(wanted.maxPriorityFeePerGas, largerOf(leastTip, paid.maxPriorityFeePerGas))
  return {
    operations: payers,
    fees: { maxFeePerGas, maxPriorityFeePerGas: smallerOf(tip, maxFeePerGas) },
  }
}

/** Rounded up, and at least one wei more: a fee of zero must be able to rise. */
function bump(fee: bigint): bigint {
  const scaled = fee * (1_000n + REPLACEMENT_PERMILLE)
  return largerOf((scaled + 999n) / 1_000n, fee + 1n)
}
