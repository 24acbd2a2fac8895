import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { largerOf, smallerOf } from '../../math/amounts.ts'

/** What a rollup charges for the data of a transaction, in gas of the operation that brings it about. */
export type DataAvailability = {
  kind: 'none' | 'opStack' | 'arbitrum'
  /**
   * Gas that preVerificationGas has to hold for the data of `op` at present.
   * @param op As it will be signed: every byte counts.
   * @throws RpcError -32000 when the node cannot be reached.
   */
  offered(op: UserOperation, entryPoint: EntryPointAdapter): Promise<bigint>
  /** Least of what has been offered for such an operation while an offer stands, and of what it takes now. */
  demanded(op: UserOperation, entryPoint: EntryPointAdapter): Promise<bigint>
  /**
   * What the transaction of a bundle pays at present beside its own gas.
   * @returns wei
   * @throws RpcError -32000 when the node cannot be reached.
   */
  ofBundle(bundle: BundleData): Promise<bigint>
}

export type BundleData = {
  entryPoint: Pick<EntryPointAdapter, 'address'>
  /** Calldata. */
  data: Hex
  gasUsed: bigint
}

/** Of chains whose gas pays for everything. */
export const noDataFee: DataAvailability = {
  kind: 'none',
  offered: async () => 0n,
  demanded: async () => 0n,
  ofBundle: async () => 0n,
}

/** Wei per gas that an operation pays at this base fee; at least 1. */
export function operationGasPrice(
  { maxFeePerGas, maxPriorityFeePerGas }: UserOperation,
  baseFee: bigint,
): bigint {
  return largerOf(smallerOf(baseFee + maxPriorityFeePerGas, maxFeePerGas), 1n)
}

/** Some executor as beneficiary; what counts is that its bytes do not compress. */
const beneficiary: Address = '0x8f3a51c2d6e97b04a1f2c85d3e6b7094c1d2e3f5'

/**
 * Calldata of a bundle of this operation alone. What several operations of a bundle have in common
 * makes each of them cheaper.
 */
export function bundleCalldata(op: UserOperation, entryPoint: EntryPointAdapter): Hex {
  return entryPoint.encodeHandleOps([op], beneficiary)
}

/** The bytes of a signature may compress less than those that stand for it. In percent of a data fee. */
const offerMargin = 2n

/** Gas that is offered, so that it is not below what the signed operation takes. */
export function withOfferMargin(gas: bigint): bigint {
  return (gas * (100n + offerMargin) + 99n) / 100n
}
