import { cancelProposal, cancelProposalSync } from '../../actions/governance/cancelProposal.ts'
import { castVote, castVoteSync } from '../../actions/governance/castVote.ts'
import { castVoteBySig, castVoteBySigSync } from '../../actions/governance/castVoteBySig.ts'
import { delegateVotes, delegateVotesSync } from '../../actions/governance/delegateVotes.ts'
import { executeProposal, executeProposalSync } from '../../actions/governance/executeProposal.ts'
import { getDelegate } from '../../actions/governance/getDelegate.ts'
import { getGovernance } from '../../actions/governance/getGovernance.ts'
import { getParameter } from '../../actions/governance/getParameter.ts'
import { getProposal } from '../../actions/governance/getProposal.ts'
import { getVotes } from '../../actions/governance/getVotes.ts'
import { propose, proposeSync } from '../../actions/governance/propose.ts'
import {
  proposeParameters,
  proposeParametersSync,
} from '../../actions/governance/proposeParameters.ts'
import { queueProposal, queueProposalSync } from '../../actions/governance/queueProposal.ts'
import { signVote } from '../../actions/governance/signVote.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindTo } from './bindTo.ts'

/** Actions around proposals and votes. */
export type GovernanceActions = ReturnType<typeof governanceActions>

/** Binds the actions to a client. `x` resolves when the bundler has the operation, `xSync` with its event. */
export function governanceActions(client: WriteClient) {
  const bind = bindTo(client)
  return {
    /** Proposes calls of the timelock. */
    propose: bind(propose),
    proposeSync: bind(proposeSync),
    /** Proposes new values of listed parameters. */
    proposeParameters: bind(proposeParameters),
    proposeParametersSync: bind(proposeParametersSync),
    /** Votes with the weight that the account had when the vote began. */
    castVote: bind(castVote),
    castVoteSync: bind(castVoteSync),
    /** Hands in a vote that another account has signed. */
    castVoteBySig: bind(castVoteBySig),
    castVoteBySigSync: bind(castVoteBySigSync),
    /** Hands a proposal that has won to the timelock. */
    queueProposal: bind(queueProposal),
    queueProposalSync: bind(queueProposalSync),
    /** Executes a proposal whose time in the timelock is over. */
    executeProposal: bind(executeProposal),
    executeProposalSync: bind(executeProposalSync),
    /** Takes a proposal back before its vote begins. */
    cancelProposal: bind(cancelProposal),
    cancelProposalSync: bind(cancelProposalSync),
    /** Names who votes with the account's FAB. */
    delegateVotes: bind(delegateVotes),
    delegateVotesSync: bind(delegateVotesSync),
    /** Signs a vote off chain. */
    signVote: bind(signVote),
    /** A proposal, its votes and what comes of it. */
    getProposal: bind(getProposal),
    /** FAB that an account votes with. */
    getVotes: bind(getVotes),
    /** Who votes with an account's FAB. */
    getDelegate: bind(getDelegate),
    /** The rules of governance. */
    getGovernance: bind(getGovernance),
    /** Bounds of a listed parameter. */
    getParameter: bind(getParameter),
  }
}
