import type { Address } from 'viem'
import * as votes from '../../contracts/generated/votesAdapter.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type GetVotesParameters = {
  /** The client's own account by default. */
  account?: Address | undefined
  /** Unix seconds in the past, like a proposal's `voteStart`; now by default. */
  at?: bigint | undefined
}

/**
 * FAB in wei that an account votes with: delegated to it, and its own staked FAB with the multiplier of its tier.
 * @example
 * const votes = await getVotes(client, { at: voteStart })
 */
export async function getVotes(
  client: AccountReadClient,
  { account = client.account.address, at }: GetVotesParameters = {},
): Promise<bigint> {
  const { votesAdapter } = client.contracts
  return at === undefined
    ? readView(client, votesAdapter, votes.getVotes, [account])
    : readView(client, votesAdapter, votes.getPastVotes, [account, at])
}
