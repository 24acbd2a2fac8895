import type { BundleCall } from '../bundling/buildBundle.ts'
import { executionGas } from '../bundling/bundleGas.ts'
import type { DataAvailability } from '../fees/dataAvailability/dataAvailability.ts'
import { paysNoFees } from '../fees/zeroFee.ts'
import type { Fees } from '../submission/bundleFees.ts'
import { bundlePrice, bundleProfit, depositRefund } from '../submission/profit.ts'

export type LossDependencies = {
  /** Wei that a bundle may lose, by the dry run; beside it, operations that pay nothing are paid for. */
  maxBundleLoss: bigint
  /** What a rollup charges for the data of a bundle, in wei. */
  dataFeeOf: DataAvailability['ofBundle']
}

/**
 * Wei that the executor loses by a bundle, beside what it gives away; negative when it wins.
 * @throws RpcError `nodeUnavailable`.
 */
export async function bundleLoss(
  { dataFeeOf }: Pick<LossDependencies, 'dataFeeOf'>,
  call: BundleCall,
  fees: Fees,
): Promise<bigint> {
  const { operations, entryPoint, gasUsed, baseFee } = call
  const dataFee = await dataFeeOf(call)
  const given = operations.filter(({ op }) => paysNoFees(op))
  const gas = given.reduce((sum, { op }) => sum + executionGas(entryPoint, op), 0n)
  // Of the data, each operation brings about a part.
  const data = (dataFee * BigInt(given.length)) / BigInt(operations.length)
  const selfPaying = operations.filter(({ op }) => !op.paymaster && !paysNoFees(op)).length
  const refund = depositRefund(selfPaying, gasUsed) * bundlePrice(baseFee, fees)
  return -(bundleProfit(call, fees, dataFee) + gas * fees.maxFeePerGas + data + refund)
}
