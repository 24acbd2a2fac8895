import type { Address, Hex } from 'viem'

export type UsageGroup = 'policy' | 'sender' | 'selector' | 'day'

/** Which sponsorships are added up, and by what. Without filters: all. */
export type UsageQuery = {
  policyIds?: readonly string[]
  sender?: Address
  selector?: Hex
  /** Days (UTC) by any second of theirs, both included. */
  from?: number
  until?: number
  groupBy: readonly UsageGroup[]
  /** Lines, newest day first, then by policy, sender and selector. */
  limit: number
  offset?: number
}

/**
 * Sums of one group. An operation belongs to the day of its reservation, as in the caps. It counts
 * once under each selector that it calls, so sums over selectors overlap.
 */
export type UsageLine = {
  policyId?: string
  sender?: Address
  selector?: Hex
  /** First second of the day (UTC). */
  day?: number
  /** Sponsored operations, by sender and nonce, whatever came of them. */
  operations: number
  settled: number
  /** Of those settled: whose calls reverted. */
  reverted: number
  /** Whose signatures ended unused, as far as they are remembered (a day). */
  expired: number
  /** Held back for operations that may still come, wei. */
  reserved: bigint
  /** actualGasCost of those settled, wei. */
  cost: bigint
  /** The same at the prices of their reservations, micro-USD; what had no price is not in it. */
  costMicroUsd: bigint
}
