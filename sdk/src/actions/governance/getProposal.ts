import type { AbiFunction, Address, Hex } from 'viem'
import type { AbiText, FunctionArgs } from '../../contracts/abiText.ts'
import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { toCalls } from './proposed.ts'

const states = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'expired',
  'executed',
] as const

export type ProposalState = (typeof states)[number]

export type Proposal = {
  proposalId: bigint
  state: ProposalState
  proposer: Address
  /** What the timelock will do. */
  calls: { to: Address; value: bigint; data: Hex }[]
  /** keccak256 of its description, which the event holds. */
  descriptionHash: Hex
  /** FAB in wei. */
  votes: { for: bigint; against: bigint; abstain: bigint }
  /** Whether it takes 80 % of the votes for and against instead of more than half. */
  needsSuperMajority: boolean
  /** Unix seconds: votes count as they are held then. */
  voteStart: bigint
  /** Unix seconds. */
  voteEnd: bigint
  /** Unix seconds from which it can be executed; 0 until it is queued. */
  eta: bigint
  /** Unix seconds after which it is expired. */
  expiresAt: bigint
}

/**
 * A proposal, its votes and what comes of it.
 * @throws {ContractRevertedError} `GovernorNonexistentProposal` when there is none of that id.
 * @example
 * const { state, votes } = await getProposal(client, { proposalId })
 */
export async function getProposal(
  client: ReadClient,
  { proposalId }: { proposalId: bigint },
): Promise<Proposal> {
  const [address, args] = [client.contracts.governor, [proposalId] as const]
  const read = <item extends AbiFunction>(text: AbiText<item>) =>
    readView(client, address, text, args as FunctionArgs<item>)
  const [
    state,
    proposer,
    [targets, values, calldatas, descriptionHash],
    [against, inFavour, abstain],
    needsSuperMajority,
    voteStart,
    voteEnd,
    eta,
    expiresAt,
  ] = await Promise.all([
    read(governor.state),
    read(governor.proposalProposer),
    read(governor.proposalDetails),
    read(governor.proposalVotes),
    read(governor.proposalNeedsSuperMajority),
    read(governor.proposalSnapshot),
    read(governor.proposalDeadline),
    read(governor.proposalEta),
    read(governor.proposalExpiresAt),
  ])
  return {
    proposalId,
    state: states[state] as ProposalState,
    proposer,
    calls: toCalls({ targets, values, calldatas }),
    descriptionHash,
    votes: { for: inFavour, against, abstain },
    needsSuperMajority,
    voteStart,
    voteEnd,
    eta,
    expiresAt,
  }
}
