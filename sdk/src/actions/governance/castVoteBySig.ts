import { isAddressEqual } from 'viem'
import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import type { SignedVote } from './signedVote.ts'
import { type CastVoteEvent, parseVote, supports } from './vote.ts'

export type CastVoteBySigParameters = { vote: SignedVote }

/**
 * Hands in a vote that another account has signed. Anyone.
 * @example
 * await castVoteBySig(client, { vote })
 */
export const castVoteBySig = defineWrite<CastVoteBySigParameters, CastVoteEvent>({
  contract: 'governor',
  eventName: 'VoteCast',
  prepare: ({ contracts }, { vote: { proposalId, voter, support, signature } }) =>
    oneCall(contracts.governor, governor.castVoteBySig, [
      proposalId,
      supports.indexOf(support),
      voter,
      signature,
    ]),
  parse: parseVote,
  belongs: ({ proposalId, voter }, { vote }) =>
    proposalId === vote.proposalId && isAddressEqual(voter, vote.voter),
})

/** {@link castVoteBySig} that waits until it is on chain. */
export const castVoteBySigSync = toSync(castVoteBySig)
