import { cancelProposal } from '../../actions/governance/cancelProposal.ts'
import { castVote } from '../../actions/governance/castVote.ts'
import { castVoteBySig } from '../../actions/governance/castVoteBySig.ts'
import { delegateVotes } from '../../actions/governance/delegateVotes.ts'
import { executeProposal } from '../../actions/governance/executeProposal.ts'
import { getDelegate } from '../../actions/governance/getDelegate.ts'
import { getGovernance } from '../../actions/governance/getGovernance.ts'
import { getParameter } from '../../actions/governance/getParameter.ts'
import { getProposal } from '../../actions/governance/getProposal.ts'
import { getVotes } from '../../actions/governance/getVotes.ts'
import { propose } from '../../actions/governance/propose.ts'
import { proposeParameters } from '../../actions/governance/proposeParameters.ts'
import { queueProposal } from '../../actions/governance/queueProposal.ts'
import { signVote } from '../../actions/governance/signVote.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindActions } from './bindActions.ts'

/** Actions around proposals and votes. */
export type GovernanceActions = ReturnType<typeof governanceActions>

/**
 * Actions around proposals and votes: bound to a client.
 * @example
 * const voter = createFabstirClient({ account, transport, paymaster }).extend(governanceActions)
 */
export function governanceActions(client: WriteClient) {
  return bindActions(client, {
    /** Proposes calls of the timelock. */
    propose,
    /** Proposes new values of listed parameters. */
    proposeParameters,
    /** Votes with the weight that the account had when the vote began. */
    castVote,
    /** Hands in a vote that another account has signed. */
    castVoteBySig,
    /** Hands a proposal that has won to the timelock. */
    queueProposal,
    /** Executes a proposal whose time in the timelock is over. */
    executeProposal,
    /** Takes a proposal back before its vote begins. */
    cancelProposal,
    /** Names who votes with the account's FAB. */
    delegateVotes,
    /** Signs a vote off chain. */
    signVote,
    /** A proposal, its votes and what comes of it. */
    getProposal,
    /** FAB that an account votes with. */
    getVotes,
    /** Who votes with an account's FAB. */
    getDelegate,
    /** The rules of governance. */
    getGovernance,
    /** Bounds of a listed parameter. */
    getParameter,
  })
}
