import { z } from 'zod'
import { address, uint } from './hex.ts'

/** A whole number, as a hex quantity or as JSON has it. */
function whole(least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}, or as a hex quantity`
  return z
    .union([z.number().int(), uint(53).transform(Number)], { error: rule })
    .refine((value) => value >= least && value <= most, rule)
}

const count = whole(0, Number.MAX_SAFE_INTEGER).transform(BigInt)

/** `status` follows from the counters: it is accepted so that a dump can be put back, and not read. */
export const reputations = z
  .array(
    z.strictObject({
      address,
      opsSeen: count,
      opsIncluded: count,
      status: z.unknown().optional(),
    }),
    { error: 'must be an array of reputation entries' },
  )
  .max(10_000, 'must have at most 10000 entries')

export const bundlingMode = z.enum(['auto', 'manual'], { error: 'must be auto or manual' })

const MAX_INTERVAL_SECONDS = 3_600

/** Seconds between bundles, or a bundling mode. */
export const bundleInterval = z.union([bundlingMode, z.number().min(0).max(MAX_INTERVAL_SECONDS)], {
  error: `must be a number of seconds from 0 to ${MAX_INTERVAL_SECONDS}, auto or manual`,
})

/** What can be changed while the bundler runs. */
export const configuration = z.strictObject(
  { expectedBundleSize: whole(1, 1_000).transform(BigInt).optional() },
  { error: 'must be an object of settings' },
)
