import { paysNoFees } from '../fees/zeroFee.ts'
import { smallerOf } from '../math/amounts.ts'
import type { Fees } from './replacement.ts'

/**
 * Wei per gas that an operation pays in a block with base fee `baseFee`; negative fees do not exist. One
 * on the executor's account ranks like one that pays the base fee and no tip.
 */
export function effectiveGasPrice(fees: Fees, baseFee: bigint): bigint {
  if (paysNoFees(fees)) return baseFee
  return smallerOf(fees.maxFeePerGas, baseFee + fees.maxPriorityFeePerGas)
}
