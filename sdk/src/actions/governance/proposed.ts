import type { Address, Hex, Log } from 'viem'
import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import { parseEvent } from '../parseEvent.ts'

export type ProposeEvent = {
  proposalId: bigint
  proposer: Address
  /** What the timelock will do. */
  calls: { to: Address; value: bigint; data: Hex }[]
  /** Unix seconds: votes count as they are held then. */
  voteStart: bigint
  /** Unix seconds. */
  voteEnd: bigint
  description: string
}

/** `ProposalCreated` in a log. */
export function parseProposed(log: Log): ProposeEvent | undefined {
  const args = parseEvent(log, governor.ProposalCreated)
  if (!args) return undefined
  const { proposalId, proposer, voteStart, voteEnd, description } = args
  return { proposalId, proposer, calls: toCalls(args), voteStart, voteEnd, description }
}

/** Calls of a proposal, of which the governor keeps each part in a list of its own. */
export function toCalls({
  targets,
  values,
  calldatas,
}: {
  targets: readonly Address[]
  values: readonly bigint[]
  calldatas: readonly Hex[]
}): ProposeEvent['calls'] {
  return targets.map((to, index) => ({
    to,
    value: values[index] ?? 0n,
    data: calldatas[index] ?? '0x',
  }))
}
