import { largerOf, smallerOf } from '../math/amounts.ts'

/** How the fixed cost of a bundle is shared out. */
export type AmortisationPolicy = {
  /** Operations that the fixed cost is spread over at most: the floor of an operation's share. */
  maxBundleSize: bigint
  /** Newest bundles that are looked at; with fewer, an operation pays for a bundle of its own. */
  recentBundles: number
}

export const defaultAmortisation: AmortisationPolicy = { maxBundleSize: 8n, recentBundles: 16 }

/**
 * Operations over which the fixed cost of the next bundles is spread: three of four recent bundles were at
 * least that large.
 * @param recent Sizes of bundles, oldest first.
 */
export function expectedBundleSize(
  recent: readonly number[],
  { maxBundleSize, recentBundles }: AmortisationPolicy,
): bigint {
  if (recent.length < recentBundles) return 1n
  const sorted = recent.slice(-recentBundles).toSorted((a, b) => a - b)
  const quartile = BigInt(sorted[recentBundles >> 2] ?? 1)
  return largerOf(1n, smallerOf(quartile, maxBundleSize))
}

export type BundleSizes = {
  /** A bundle of this many operations was sent. */
  note(operations: number): void
  /** For estimates. */
  offered(): bigint
  /** Largest that was offered while offers stand, and now. */
  demanded(): bigint
}

/**
 * @param standingMs Milliseconds that an estimate stands while bundles become smaller.
 * @param now Unix milliseconds.
 */
export function createBundleSizes({
  policy,
  standingMs,
  now,
}: {
  policy: AmortisationPolicy
  standingMs: number
  now: () => number
}): BundleSizes {
  let recent: number[] = []
  let current = 1n
  /** Sizes that are offered no more, with the time until which they were. */
  let earlier: { size: bigint; until: number }[] = []
  return {
    note(operations) {
      recent = [...recent, operations].slice(-policy.recentBundles)
      const next = expectedBundleSize(recent, policy)
      if (next === current) return
      const until = now()
      // One entry for each size: there are at most `maxBundleSize` of them.
      earlier = [...earlier.filter(({ size }) => size !== current), { size: current, until }]
      current = next
    },
    offered: () => current,
    demanded() {
      const since = now() - standingMs
      earlier = earlier.filter(({ until }) => until >= since)
      return earlier.reduce((most, { size }) => largerOf(most, size), current)
    },
  }
}
