import type { SlidingSum } from '../rate/slidingSum.ts'
import { add, emptySum, fallsTo, sumAt } from '../rate/slidingSum.ts'
import type { GasPast } from './unusedGas.ts'

/** A sender's included operations in a sliding window. */
export type GasUse = { operations: SlidingSum; granted: SlidingSum; used: SlidingSum }

export const noGasUse: GasUse = { operations: emptySum, granted: emptySum, used: emptySum }

/** With one more operation. Gas; `seconds` is the length of the window, `now` Unix seconds. */
export function addGasUse(
  use: GasUse,
  { granted, used }: { granted: number; used: number },
  seconds: number,
  now: number,
): GasUse {
  return {
    operations: add(use.operations, 1, seconds, now),
    granted: add(use.granted, granted, seconds, now),
    used: add(use.used, used, seconds, now),
  }
}

/** The window's sums at `now`. */
export function gasPast(use: GasUse, seconds: number, now: number): GasPast {
  const operations = sumAt(use.operations, seconds, now)
  return {
    operations,
    granted: sumAt(use.granted, seconds, now),
    used: sumAt(use.used, seconds, now),
    resetsAt: fallsTo(use.operations, operations - 1, seconds, now),
  }
}
