/** The smaller of two amounts (`Math.min` takes no bigint). */
export function smallerOf(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

/** The larger of two amounts. */
export function largerOf(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}
