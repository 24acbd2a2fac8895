/** What a bundler asks of an operation's fees. */
export type FeePolicy = {
  /** Wei per gas. */
  minPriorityFeePerGas: bigint
  /** `maxFeePerGas` must reach this share of the base fee, in percent. */
  minBaseFeePercent: bigint
}

export type OperationFees = {
  /** Wei per gas. */
  maxFeePerGas: bigint
  /** Wei per gas. */
  maxPriorityFeePerGas: bigint
}

export type FeeBreach = {
  rule: 'priorityAboveMax' | 'maxPriorityFeePerGas' | 'maxFeePerGas'
  /** Wei per gas. */
  offered: bigint
  /** Least (or, for `priorityAboveMax`, largest) accepted value in wei per gas. */
  bound: bigint
}

/** Whether an operation with these fees can pay for its inclusion at `baseFee` (wei per gas). */
export function feeBreach(
  { maxFeePerGas, maxPriorityFeePerGas }: OperationFees,
  baseFee: bigint,
  policy: FeePolicy,
): FeeBreach | undefined {
  if (maxPriorityFeePerGas > maxFeePerGas)
    return { rule: 'priorityAboveMax', offered: maxPriorityFeePerGas, bound: maxFeePerGas }
  if (maxPriorityFeePerGas < policy.minPriorityFeePerGas)
    return {
      rule: 'maxPriorityFeePerGas',
      offered: maxPriorityFeePerGas,
      bound: policy.minPriorityFeePerGas,
    }
  const share = (baseFee * policy.minBaseFeePercent + 99n) / 100n
  const required = share + policy.minPriorityFeePerGas
  if (maxFeePerGas < required)
    return { rule: 'maxFeePerGas', offered: maxFeePerGas, bound: required }
  return undefined
}

/** Fees per urgency. */
export type GasPrices = {
  /** Of the next block, wei per gas. */
  baseFee: bigint
  slow: OperationFees
  standard: OperationFees
  fast: OperationFees
}

/**
 * Fees that stay valid while the base fee rises: by 12.5 % a block (EIP-1559), for some blocks.
 * @param priorityFees Wei per gas, for each urgency.
 */
export function gasPrices(
  baseFee: bigint,
  priorityFees: { slow: bigint; standard: bigint; fast: bigint },
): GasPrices {
  const fees = (priority: bigint, basePercent: bigint): OperationFees => ({
    maxPriorityFeePerGas: priority,
    maxFeePerGas: (baseFee * basePercent + 99n) / 100n + priority,
  })
  return {
    baseFee,
    // One full block, then two, then five: 1.125, 1.27, 1.8.
    slow: fees(priorityFees.slow, 113n),
    standard: fees(priorityFees.standard, 127n),
    fast: fees(priorityFees.fast, 181n),
  }
}
