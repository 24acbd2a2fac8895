/** Unused gas up to this much is free (EntryPoint 0.8 and later). */
const freeUnusedGas = 40_000n

/**
 * Least gas that 0.8 and 0.9 charge for a limit, whatever of it is used: above 40,000 unused gas, 10 %
 * of it. Just above 40,000 it is cheapest to use so much that the rest is free.
 * `postOp` that is never called is not charged.
 */
export function unusedGasCharge08(callGasLimit: bigint): bigint {
  if (callGasLimit <= freeUnusedGas) return 0n
  const allUnused = callGasLimit / 10n
  const restFree = callGasLimit - freeUnusedGas
  return allUnused < restFree ? allUnused : restFree
}
