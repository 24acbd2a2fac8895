import type { BundleCall } from '../bundling/buildBundle.ts'
import { executionGas } from '../bundling/bundleGas.ts'
import { paysNoFees } from '../fees/zeroFee.ts'
import type { Fees } from '../submission/bundleFees.ts'
import { bundleProfit } from '../submission/profit.ts'

/**
 * Whether the executor would lose more by a bundle than it may.
 * @param maxLoss Wei; beside it, operations that pay nothing are paid for.
 */
export function isLoss(call: BundleCall, fees: Fees, maxLoss: bigint): boolean {
  const sponsored = call.operations
    .filter(({ op }) => paysNoFees(op))
    .reduce((gas, { op }) => gas + executionGas(call.entryPoint, op), 0n)
  return bundleProfit(call, fees) < -(maxLoss + sponsored * fees.maxFeePerGas)
}
