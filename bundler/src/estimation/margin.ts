/** State moves between the estimate and the inclusion. Percent of every searched limit. */
const marginPercent = 3n
/** What a search takes for the same gas (GasSearch.sol) must not be missing from a small limit. */
const marginGas = 100n

/** A searched limit with its margin, within `max`. */
export function withMargin(limit: bigint, max: bigint): bigint {
  const raised = (limit * (100n + marginPercent) + 99n) / 100n + marginGas
  return raised < max ? raised : max
}
