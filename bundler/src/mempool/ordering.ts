import { smallerOf } from '../math/amounts.ts'
import type { Fees } from './replacement.ts'

/** Wei per gas that an operation pays in a block with base fee `baseFee`; negative fees do not exist. */
export function effectiveGasPrice(fees: Fees, baseFee: bigint): bigint {
  return smallerOf(fees.maxFeePerGas, baseFee + fees.maxPriorityFeePerGas)
}
