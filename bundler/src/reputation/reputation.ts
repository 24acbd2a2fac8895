import { largerOf, smallerOf } from '../math/amounts.ts'

/** Reputation parameters. */
export type ReputationParams = {
  minInclusionRateDenominator: bigint
  throttlingSlack: bigint
  banSlack: bigint
}

/** ERC-7562, constants of a bundler. */
export const bundlerReputationParams: ReputationParams = {
  minInclusionRateDenominator: 10n,
  throttlingSlack: 10n,
  banSlack: 50n,
}

/** [GREP-040] `opsSeen` of an entity that is banned at once (BAN_OPS_SEEN_PENALTY). */
const BAN_OPS_SEEN_PENALTY = 10_000n
/** Pending operations of an unstaked paymaster without a past (SAME_UNSTAKED_ENTITY_MEMPOOL_COUNT). */
const SAME_UNSTAKED_ENTITY_MEMPOOL_COUNT = 10n
/** Bound on what a past can add to it (MAX_OPS_ALLOWED_UNSTAKED_ENTITY). */
const MAX_OPS_ALLOWED_UNSTAKED_ENTITY = 10_000n
/** Hours after which nothing is left of any realistic count. */
const MAX_DECAY_HOURS = 480

/** What ERC-7562 counts for an entity. */
export type Counts = { opsSeen: bigint; opsIncluded: bigint }
export type ReputationStatus = 'ok' | 'throttled' | 'banned'

/** Rates an entity by how many of the operations it was seen in reached the chain. */
export function reputationStatus(counts: Counts, params: ReputationParams): ReputationStatus {
  const maxSeen = counts.opsSeen / params.minInclusionRateDenominator
  if (maxSeen > counts.opsIncluded + params.banSlack) return 'banned'
  if (maxSeen > counts.opsIncluded + params.throttlingSlack) return 'throttled'
  return 'ok'
}

/** Every hour an entity forgets a 24th of its past; rounded down, so that it ends at zero. */
export function decayReputation({ opsSeen, opsIncluded }: Counts, hours: number): Counts {
  let counts = { opsSeen, opsIncluded }
  for (let hour = 0; hour < Math.min(hours, MAX_DECAY_HOURS); hour++) {
    counts = {
      opsSeen: (counts.opsSeen * 23n) / 24n,
      opsIncluded: (counts.opsIncluded * 23n) / 24n,
    }
    if (counts.opsSeen === 0n && counts.opsIncluded === 0n) break
  }
  return counts
}

/**
 * What happens to a counter. `unseen` and `unincluded` take back one that was counted before;
 * no counter falls below zero.
 */
export type ReputationEffect =
  | 'seen'
  | 'unseen'
  | 'included'
  | 'unincluded'
  /** [GREP-040] [EREP-055] */
  | 'ban'
  /** [EREP-070] */
  | 'throttle'

/** The counters after an effect. */
export function withEffect(
  { opsSeen, opsIncluded }: Counts,
  effect: ReputationEffect,
  params: ReputationParams,
): Counts {
  switch (effect) {
    case 'seen':
      return { opsSeen: opsSeen + 1n, opsIncluded }
    case 'unseen':
      return { opsSeen: largerOf(opsSeen - 1n, 0n), opsIncluded }
    case 'included':
      return { opsSeen, opsIncluded: opsIncluded + 1n }
    case 'unincluded':
      return { opsSeen, opsIncluded: largerOf(opsIncluded - 1n, 0n) }
    case 'ban':
      return { opsSeen: largerOf(opsSeen, BAN_OPS_SEEN_PENALTY), opsIncluded: 0n }
    case 'throttle': {
      const least = (opsIncluded + params.throttlingSlack + 1n) * params.minInclusionRateDenominator
      return { opsSeen: largerOf(opsSeen, least), opsIncluded }
    }
  }
}

/** [UREP-020] Operations that an unstaked paymaster may have in the mempool while it is `ok`. */
export function opsAllowed({ opsSeen, opsIncluded }: Counts): number {
  const counted = smallerOf(opsIncluded, MAX_OPS_ALLOWED_UNSTAKED_ENTITY)
  // More can be included than seen only for an hour, when decay rounds: the rate is at most 1.
  const earned = opsSeen === 0n ? 0n : (smallerOf(opsIncluded, opsSeen) * counted) / opsSeen
  return Number(SAME_UNSTAKED_ENTITY_MEMPOOL_COUNT + earned)
}
