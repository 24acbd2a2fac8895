export type Percentiles = { p50: number; p95: number; p99: number; max: number }

/** Nearest-rank percentiles: each is a value that was measured. */
export function percentiles(values: Float64Array): Percentiles {
  if (values.length === 0) throw new RangeError('percentiles: no values')
  const sorted = values.toSorted()
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
