/** Bounds of an estimate. */
export type EstimationLimits = {
  /** Largest `verificationGasLimit` and `paymasterVerificationGasLimit` that is tried. */
  maxVerificationGas: bigint
  /** Largest `callGasLimit` that is tried. */
  maxCallGas: bigint
  /** Largest `paymasterPostOpGasLimit` that is tried. */
  maxPostOpGas: bigint
  /** Operations over which a bundle's fixed cost is spread. */
  expectedBundleSize: bigint
}

export const defaultEstimationLimits: EstimationLimits = {
  maxVerificationGas: 5_000_000n,
  maxCallGas: 10_000_000n,
  maxPostOpGas: 1_000_000n,
  expectedBundleSize: 1n,
}
