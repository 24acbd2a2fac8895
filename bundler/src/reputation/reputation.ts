import type { Address } from 'viem'

/** Reputation parameters. Defaults for a bundler are the ERC-7562 constants. */
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

export type ReputationEntry = { address: Address; opsSeen: bigint; opsIncluded: bigint }
export type ReputationStatus = 'ok' | 'throttled' | 'banned'

/** Rates an entity by how many of the operations it was seen in reached the chain. */
export function reputationStatus(
  entry: ReputationEntry,
  params: ReputationParams,
): ReputationStatus {
  const maxSeen = entry.opsSeen / params.minInclusionRateDenominator
  if (maxSeen > entry.opsIncluded + params.banSlack) return 'banned'
  if (maxSeen > entry.opsIncluded + params.throttlingSlack) return 'throttled'
  return 'ok'
}

/** [UREP-030] Every hour an entity forgets a 24th of its past; rounded down, so that it ends at zero. */
export function decayReputation(entry: ReputationEntry): ReputationEntry {
  return {
    ...entry,
    opsSeen: (entry.opsSeen * 23n) / 24n,
    opsIncluded: (entry.opsIncluded * 23n) / 24n,
  }
}
