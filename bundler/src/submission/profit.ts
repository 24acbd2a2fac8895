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
 * Wei that the executor wins by a bundle; negative when it loses. Refunds of gas come on top.
 * @param dataFee Wei that a rollup charges beside the gas.
 */
export function bundleProfit(
  { gasUsed, paid, baseFee }: BundleYield,
  fees: Fees,
  dataFee: bigint,
): bigint {
  const price = smallerOf(fees.maxFeePerGas, baseFee + fees.maxPriorityFeePerGas)
  return paid - gasUsed * largerOf(price, 0n) - dataFee
}
