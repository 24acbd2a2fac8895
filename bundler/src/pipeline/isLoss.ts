import type { BundleCall } from '../bundling/buildBundle.ts'
import { executionGas } from '../bundling/bundleGas.ts'
import type { DataAvailability } from '../fees/dataAvailability/dataAvailability.ts'
import { paysNoFees } from '../fees/zeroFee.ts'
import type { Fees } from '../submission/bundleFees.ts'
import { bundleProfit } from '../submission/profit.ts'

export type LossDependencies = {
  /** Wei that a bundle may lose, by the dry run; beside it, operations that pay nothing are paid for. */
  maxBundleLoss: bigint
  /** What a rollup charges for the data of a bundle, in wei. */
  dataFeeOf: DataAvailability['ofBundle']
}

/** Whether the executor would lose more by a bundle than it may. @throws RpcError `nodeUnavailable`. */
export async function isLoss(
  { maxBundleLoss, dataFeeOf }: LossDependencies,
  call: BundleCall,
  fees: Fees,
): Promise<boolean> {
  const dataFee = await dataFeeOf(call)
  const sponsored = call.operations.filter(({ op }) => paysNoFees(op))
  const gas = sponsored.reduce((sum, { op }) => sum + executionGas(call.entryPoint, op), 0n)
  // Of the data, each operation brings about a part.
  const share = (dataFee * BigInt(sponsored.length)) / BigInt(call.operations.length)
  return bundleProfit(call, fees, dataFee) < -(maxBundleLoss + gas * fees.maxFeePerGas + share)
}
