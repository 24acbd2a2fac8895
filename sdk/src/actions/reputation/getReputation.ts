import type { Address } from 'viem'
import * as reputation from '../../contracts/generated/reputationSystem.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type HostReputation = {
  /** With decay applied; 100 at first. */
  score: bigint
  /** Jobs and sessions at arm's length with a sufficient fee. */
  completed: bigint
  failed: bigint
  ratings: bigint
  /** Hundredths: 450 is 4.5 of 5; 0 without a rating. */
  averageRating: bigint
  /** Whether the score reaches the threshold for incentives. */
  eligible: boolean
}

/**
 * Score and record of a host.
 * @param host The client's own account by default.
 * @example
 * const { score, averageRating } = await getReputation(client, { host })
 */
export async function getReputation(
  client: AccountReadClient,
  { host = client.account.address }: { host?: Address | undefined } = {},
): Promise<HostReputation> {
  const address = client.contracts.reputation
  const [performance, eligible] = await Promise.all([
    readView(client, address, reputation.performance, [host]),
    readView(client, address, reputation.isEligibleForIncentives, [host]),
  ])
  return { ...performance, eligible }
}
