import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import type { WriteClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { type SignedVote, voteTypedData } from './signedVote.ts'
import type { VoteSupport } from './vote.ts'

export type SignVoteParameters = { proposalId: bigint; support: VoteSupport }

/**
 * Signs a vote of the client's account off chain, for somebody else to hand in. A later vote by signature of the
 * account makes it void.
 * @example
 * const vote = await signVote(client, { proposalId, support: 'for' })
 */
export async function signVote(
  client: Pick<WriteClient, 'account' | 'contracts' | 'client'>,
  { proposalId, support }: SignVoteParameters,
): Promise<SignedVote> {
  const { account, contracts } = client
  const voter = account.address
  const nonce = await readView(client, contracts.governor, governor.nonces, [voter])
  const vote = { proposalId, voter, support }
  const signature = await account.signTypedData(voteTypedData(contracts, { ...vote, nonce }))
  return { ...vote, signature }
}
