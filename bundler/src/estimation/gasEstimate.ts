/** Answer of `eth_estimateUserOperationGas`. */
export type GasEstimate = {
  preVerificationGas: bigint
  verificationGasLimit: bigint
  callGasLimit: bigint
  /** Absent without a paymaster, and on EntryPoint 0.6. */
  paymasterVerificationGasLimit?: bigint
  /** Absent without a paymaster, and on EntryPoint 0.6. */
  paymasterPostOpGasLimit?: bigint
}
