import { largerOf, smallerOf } from '../math/amounts.ts'
import type { Fees } from './bundleFees.ts'

/** Measured in the dry run of a bundle. */
export type BundleYield = {
  /** Gas of the transaction, before refunds. */
  gasUsed: bigint
  /** Wei that the EntryPoint pays the executor. */
  paid: bigint
  /** Wei per gas, in the block of the dry run. */
  baseFee: bigint
}

/**
 * Gas that comes back for a deposit that goes from zero to the prefund, to zero, and to what is left:
 * the last step costs 20,000 which no operation pays, and the second gives 19,900 back (EIP-3529).
 * The first operation of every sender that pays for itself does this.
 */
const DEPOSIT_REFUND = 19_900n
/** EIP-3529: a transaction gets back this part of the gas that it used, at most. */
const REFUND_QUOTIENT = 5n

/**
 * Gas that the transaction of a bundle gets back, as far as a dry run cannot see it: no opcode reads
 * the refund counter. An upper bound, because a sender may have had a deposit already.
 * @param selfPaying Operations that pay from the deposit of their sender.
 */
export function depositRefund(selfPaying: number, gasUsed: bigint): bigint {
  return smallerOf(BigInt(selfPaying) * DEPOSIT_REFUND, gasUsed / REFUND_QUOTIENT)
}

/**
 * Wei that the executor wins by a bundle; negative when it loses. Refunds of gas come on top.
 * @param dataFee Wei that a rollup charges beside the gas.
 */
export function bundleProfit(
  { gasUsed, paid, baseFee }: BundleYield,
  fees: Fees,
  dataFee: bigint,
): bigint {
  return paid - gasUsed * bundlePrice(baseFee, fees) - dataFee
}

/** Wei per gas that the transaction pays in a block of `baseFee`; never negative. */
export function bundlePrice(baseFee: bigint, fees: Fees): bigint {
  return largerOf(smallerOf(fees.maxFeePerGas, baseFee + fees.maxPriorityFeePerGas), 0n)
}
