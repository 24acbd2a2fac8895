import type { OperationFees } from './feeRules.ts'

/** Whether the executor pays for the operation. Only `boost_sendUserOperation` accepts such ones. */
export function paysNoFees({ maxFeePerGas, maxPriorityFeePerGas }: OperationFees): boolean {
  return maxFeePerGas === 0n && maxPriorityFeePerGas === 0n
}
