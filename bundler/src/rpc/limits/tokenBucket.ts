/** Requests a second in the long run, and how many may come at once. */
export type Rate = { perSecond: number; burst: number }

/** What is left of a burst in thousandths of a request, so that milliseconds refill whole numbers. */
export type Bucket = { thousandths: number; at: number }

export function fullBucket({ burst }: Rate, now: number): Bucket {
  return { thousandths: burst * 1_000, at: now }
}

/**
 * Takes `cost` requests out of a bucket, or none.
 * @param now Unix milliseconds; a clock that goes back refills nothing.
 * @returns `waitMs` is absent when they were taken. It is Infinity for more than a burst can ever hold.
 */
export function take(
  bucket: Bucket,
  rate: Rate,
  cost: number,
  now: number,
): { bucket: Bucket; waitMs?: number } {
  const elapsed = Math.max(0, now - bucket.at)
  const full = rate.burst * 1_000
  const thousandths = Math.min(full, bucket.thousandths + elapsed * rate.perSecond)
  const at = Math.max(now, bucket.at)
  const missing = cost * 1_000 - thousandths
  if (missing <= 0) return { bucket: { thousandths: thousandths - cost * 1_000, at } }
  const waitMs = cost > rate.burst ? Number.POSITIVE_INFINITY : Math.ceil(missing / rate.perSecond)
  return { bucket: { thousandths, at }, waitMs }
}
