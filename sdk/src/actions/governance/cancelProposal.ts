import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type CancelProposalParameters = { proposalId: bigint }
export type CancelProposalEvent = { proposalId: bigint }

/**
 * Takes a proposal back before the vote on it begins. Its proposer only.
 * @example
 * await cancelProposal(client, { proposalId })
 */
export const cancelProposal = defineWrite<CancelProposalParameters, CancelProposalEvent>({
  contract: 'governor',
  eventName: 'ProposalCanceled',
  prepare: ({ contracts }, { proposalId }) =>
    oneCall(contracts.governor, governor.cancel, [proposalId]),
  parse: (log) => parseEvent(log, governor.ProposalCanceled),
})

/** {@link cancelProposal} that waits until it is on chain. */
export const cancelProposalSync = toSync(cancelProposal)
