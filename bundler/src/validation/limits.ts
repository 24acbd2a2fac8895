/** What a bundler accepts. */
export type ValidationLimits = {
  /** Cap on `verificationGasLimit`, and on `paymasterVerificationGasLimit` (MAX_VERIFICATION_GAS). */
  maxVerificationGas: bigint
  /** Cap on all limits of an operation together: it has to fit into one transaction. */
  maxOperationGas: bigint
  /** Wei per gas. */
  minPriorityFeePerGas: bigint
  /** `maxFeePerGas` must reach this share of the base fee, in percent. */
  minBaseFeePercent: bigint
  /** Operations over which a bundle's fixed cost is spread. */
  expectedBundleSize: bigint
  /** Seconds that an operation must stay valid, so that it can still be included. */
  minValiditySeconds: number
}

export const defaultValidationLimits: ValidationLimits = {
  maxVerificationGas: 5_000_000n,
  // EIP-7825 caps a transaction at 2^24 gas; the rest is for the bundle around the operation.
  maxOperationGas: 16_000_000n,
  minPriorityFeePerGas: 0n,
  minBaseFeePercent: 100n,
  expectedBundleSize: 1n,
  minValiditySeconds: 30,
}

/** For operations whose gas the executors pay: everything but the price is judged as ever. */
export const boostedValidationLimits: ValidationLimits = {
  ...defaultValidationLimits,
  minBaseFeePercent: 0n,
  minPriorityFeePerGas: 0n,
}
