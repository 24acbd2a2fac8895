import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { type CastVoteEvent, parseVote, supports, type VoteSupport } from './vote.ts'

export type CastVoteParameters = {
  proposalId: bigint
  support: VoteSupport
  /** Kept in the event; empty by default. */
  reason?: string | undefined
}

/**
 * Votes with the weight that the account had when the vote began. Once.
 * @example
 * const { weight } = await castVoteSync(client, { proposalId, support: 'for' })
 */
export const castVote = defineWrite<CastVoteParameters, CastVoteEvent>({
  contract: 'governor',
  eventName: 'VoteCast',
  prepare: ({ contracts }, { proposalId, support, reason = '' }) =>
    oneCall(contracts.governor, governor.castVoteWithReason, [
      proposalId,
      supports.indexOf(support),
      reason,
    ]),
  parse: parseVote,
})

/** {@link castVote} that waits until it is on chain. */
export const castVoteSync = toSync(castVote)
