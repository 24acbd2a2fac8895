import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type QueueProposalParameters = { proposalId: bigint }
export type QueueProposalEvent = {
  proposalId: bigint
  /** Unix seconds from which it can be executed. */
  eta: bigint
}

/**
 * Hands a proposal that has won to the timelock. Anyone, within 14 days after the vote.
 * @example
 * const { eta } = await queueProposalSync(client, { proposalId })
 */
export const queueProposal = defineWrite<QueueProposalParameters, QueueProposalEvent>({
  contract: 'governor',
  eventName: 'ProposalQueued',
  prepare: ({ contracts }, { proposalId }) =>
    oneCall(contracts.governor, governor.queue, [proposalId]),
  parse(log) {
    const args = parseEvent(log, governor.ProposalQueued)
    return args && { proposalId: args.proposalId, eta: args.etaSeconds }
  },
})

/** {@link queueProposal} that waits until it is on chain. */
export const queueProposalSync = toSync(queueProposal)
