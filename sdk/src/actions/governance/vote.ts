import type { Address, Log } from 'viem'
import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import { parseEvent } from '../parseEvent.ts'

/** In the order of the governor's enum. */
export const supports = ['against', 'for', 'abstain'] as const

export type VoteSupport = (typeof supports)[number]

export type CastVoteEvent = {
  proposalId: bigint
  voter: Address
  support: VoteSupport
  /** FAB in wei. */
  weight: bigint
  reason: string
}

/** `VoteCast` in a log. */
export function parseVote(log: Log): CastVoteEvent | undefined {
  const args = parseEvent(log, governor.VoteCast)
  return args && { ...args, support: supports[args.support] as VoteSupport }
}
