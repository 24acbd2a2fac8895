/** Fees of an operation, wei per gas. */
export type Fees = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }

/** Percent by which both fees of a replacement must exceed those of the operation it replaces. */
export const REPLACEMENT_BUMP_PERCENT = 10n

/** Least fees with which an operation replaces one that offers `fees`, rounded up. */
export function replacementFees(fees: Fees): Fees {
  return {
    maxFeePerGas: bump(fees.maxFeePerGas),
    maxPriorityFeePerGas: bump(fees.maxPriorityFeePerGas),
  }
}

/** Whether `next` may take the place of `current`: at least 10 % more on both fees. */
export function canReplace(current: Fees, next: Fees): boolean {
  const least = replacementFees(current)
  return (
    next.maxFeePerGas >= least.maxFeePerGas &&
    next.maxPriorityFeePerGas >= least.maxPriorityFeePerGas
  )
}

function bump(fee: bigint): bigint {
  const scaled = fee * (100n + REPLACEMENT_BUMP_PERCENT)
  return (scaled + 99n) / 100n
}
