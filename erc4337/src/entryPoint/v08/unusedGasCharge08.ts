/** Unused gas up to this much is free (EntryPoint 0.8 and later). */
const freeUnusedGas = 40_000n

/**
 * Least gas that 0.8 and 0.9 charge for a limit, whatever of it is used: above 40,000 unused gas,
 * 10 % of it. `postOp` that is never called is not charged.
 */
export function unusedGasCharge08(callGasLimit: bigint): bigint {
  return callGasLimit > freeUnusedGas ? callGasLimit / 10n : 0n
}
