/** State moves between the estimate and the inclusion. Percent of every searched limit. */
const marginPercent = 3n

/** A searched limit with its margin, within `max`. */
export function withMargin(limit: bigint, max: bigint): bigint {
  const raised = (limit * (100n + marginPercent) + 99n) / 100n
  return raised < max ? raised : max
}

/** In 1/1000. With the margin above it makes up for three levels of calls, each of which keeps back 1/64. */
const tolerancePermille = 20n

/** Precision and effort of each search. */
export const searchEffort = { tolerancePermille, maxProbes: 10 }

/**
 * Where to search the limit of a step that used `used` gas when it was given `max`. A limit below `used`
 * would only seem to be enough: to a contract that ignores the failure of a call it makes. But what took
 * most of `max` takes what it is given, and says nothing about its need.
 */
export function aroundUsed(used: bigint, max: bigint): { guess: bigint; floor: bigint } {
  return {
    guess: used + (used * tolerancePermille) / 1000n,
    floor: used > max / 2n ? 0n : used,
  }
}
