import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type ExecuteProposalParameters = { proposalId: bigint }
export type ExecuteProposalEvent = { proposalId: bigint }

/**
 * Executes a proposal whose time in the timelock is over. Anyone, within 14 days from then.
 * @example
 * await executeProposal(client, { proposalId })
 */
export const executeProposal = defineWrite<ExecuteProposalParameters, ExecuteProposalEvent>({
  contract: 'governor',
  eventName: 'ProposalExecuted',
  prepare: ({ contracts }, { proposalId }) =>
    oneCall(contracts.governor, governor.execute, [proposalId]),
  parse: (log) => parseEvent(log, governor.ProposalExecuted),
})

/** {@link executeProposal} that waits until it is on chain. */
export const executeProposalSync = toSync(executeProposal)
