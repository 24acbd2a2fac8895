/** Parts of a window: sums are kept for each, so that a window costs the same memory whatever happens in it. */
const parts = 16

/** Sums of the current window of time, in parts. */
export type SlidingSum = {
  /** Number of the newest part, counted from 1970. */
  newest: number
  /** Sums of the parts, newest first; at most one more than a window has, as it begins within one. */
  sums: readonly number[]
}

export const emptySum: SlidingSum = { newest: 0, sums: [] }

/**
 * What happened in the last `length` seconds before `now`, or up to one sixteenth of that longer: so a
 * limit on it is never exceeded in any window of that length.
 * @param now Unix seconds, with fractions.
 */
export function sumAt(sum: SlidingSum, length: number, now: number): number {
  return moved(sum, length, now).sums.reduce((total, part) => total + part, 0)
}

export function add(sum: SlidingSum, amount: number, length: number, now: number): SlidingSum {
  const { newest, sums } = moved(sum, length, now)
  const [first = 0, ...rest] = sums
  return { newest, sums: [first + amount, ...rest] }
}

/** First second (Unix) at which the sum is `most` or less, if nothing is added. */
export function fallsTo(sum: SlidingSum, most: number, length: number, now: number): number {
  const { newest, sums } = moved(sum, length, now)
  let total = 0
  for (const [age, part] of sums.entries()) {
    total += part
    // The part that is too much, and those before it, have to be out of the window.
    if (total > most) return Math.ceil(((newest - age + parts + 1) * length) / parts)
  }
  return Math.floor(now)
}

/** The parts that the window at `now` touches. A clock that went back stays in the newest part. */
function moved(sum: SlidingSum, length: number, now: number): SlidingSum {
  const newest = Math.max(Math.floor((now * parts) / length), sum.newest)
  const passed = newest - sum.newest
  const kept = passed > parts ? [] : sum.sums
  const sums = [...Array<number>(kept.length === 0 ? 0 : passed).fill(0), ...kept]
  return { newest, sums: sums.slice(0, parts + 1) }
}
