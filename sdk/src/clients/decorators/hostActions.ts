import { acceptControl, acceptControlSync } from '../../actions/host/acceptControl.ts'
import { addStake, addStakeSync } from '../../actions/host/addStake.ts'
import {
  cancelControlledNode,
  cancelControlledNodeSync,
} from '../../actions/host/cancelControlledNode.ts'
import { getHostTerms } from '../../actions/host/getHostTerms.ts'
import { getPendingControl } from '../../actions/host/getPendingControl.ts'
import {
  registerControlledNode,
  registerControlledNodeSync,
} from '../../actions/host/registerControlledNode.ts'
import { setAccepting, setAcceptingSync } from '../../actions/host/setAccepting.ts'
import { setMaxSessions, setMaxSessionsSync } from '../../actions/host/setMaxSessions.ts'
import { setMetadata, setMetadataSync } from '../../actions/host/setMetadata.ts'
import { setModels, setModelsSync } from '../../actions/host/setModels.ts'
import { setPrice, setPriceSync } from '../../actions/host/setPrice.ts'
import { withdrawUnstaked, withdrawUnstakedSync } from '../../actions/host/withdrawUnstaked.ts'
import { abandonClaim, abandonClaimSync } from '../../actions/marketplace/abandonClaim.ts'
import {
  claimAbandonedSession,
  claimAbandonedSessionSync,
} from '../../actions/marketplace/claimAbandonedSession.ts'
import { claimJob, claimJobSync } from '../../actions/marketplace/claimJob.ts'
import { completeJob, completeJobSync } from '../../actions/marketplace/completeJob.ts'
import { getHostSessions } from '../../actions/marketplace/getHostSessions.ts'
import { registerHost, registerHostSync } from '../../actions/marketplace/registerHost.ts'
import { requestUnstake, requestUnstakeSync } from '../../actions/marketplace/requestUnstake.ts'
import { settleMany, settleManySync } from '../../actions/marketplace/settleMany.ts'
import { settleSession, settleSessionSync } from '../../actions/marketplace/settleSession.ts'
import { settleWithProof, settleWithProofSync } from '../../actions/marketplace/settleWithProof.ts'
import { signFinal } from '../../actions/marketplace/signFinal.ts'
import { signQuote } from '../../actions/marketplace/signQuote.ts'
import { submitResult, submitResultSync } from '../../actions/marketplace/submitResult.ts'
import { submitWork, submitWorkSync } from '../../actions/marketplace/submitWork.ts'
import { submitWorkMany, submitWorkManySync } from '../../actions/marketplace/submitWorkMany.ts'
import { unregisterHost, unregisterHostSync } from '../../actions/marketplace/unregisterHost.ts'
import { getReputation } from '../../actions/reputation/getReputation.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindTo } from './bindTo.ts'

/** Actions of hosts: their node, their offers, and the work that they do. */
export type HostActions = ReturnType<typeof hostActions>

/** Binds the actions to a client. `x` resolves when the bundler has the operation, `xSync` with its event. */
export function hostActions(client: WriteClient) {
  const bind = bindTo(client)
  return {
    /** Approves, stakes and registers the account as a host. */
    registerHost: bind(registerHost),
    registerHostSync: bind(registerHostSync),
    /** Approves and adds FAB to the stake. */
    addStake: bind(addStake),
    addStakeSync: bind(addStakeSync),
    /** Starts the unbonding of a part of the stake. */
    requestUnstake: bind(requestUnstake),
    requestUnstakeSync: bind(requestUnstakeSync),
    /** Pays out stake that has finished unbonding. */
    withdrawUnstaked: bind(withdrawUnstaked),
    withdrawUnstakedSync: bind(withdrawUnstakedSync),
    /** Leaves the registry and starts the unbonding of the whole stake. */
    unregisterHost: bind(unregisterHost),
    unregisterHostSync: bind(unregisterHostSync),
    /** Publishes new metadata. */
    setMetadata: bind(setMetadata),
    setMetadataSync: bind(setMetadataSync),
    /** Opens or closes the host for new work. */
    setAccepting: bind(setAccepting),
    setAcceptingSync: bind(setAcceptingSync),
    /** Replaces the list of models that sessions may name. */
    setModels: bind(setModels),
    setModelsSync: bind(setModelsSync),
    /** Sets the smallest price of sessions. */
    setPrice: bind(setPrice),
    setPriceSync: bind(setPriceSync),
    /** Caps the sessions that the host takes at a time. */
    setMaxSessions: bind(setMaxSessions),
    setMaxSessionsSync: bind(setMaxSessionsSync),
    /** Approves and pays the stake of a node that another account will run. */
    registerControlledNode: bind(registerControlledNode),
    registerControlledNodeSync: bind(registerControlledNodeSync),
    /** Makes the account a node with the stake that a controller has paid. */
    acceptControl: bind(acceptControl),
    acceptControlSync: bind(acceptControlSync),
    /** Takes an offer to run a node back, with its stake. */
    cancelControlledNode: bind(cancelControlledNode),
    cancelControlledNodeSync: bind(cancelControlledNodeSync),
    /** Takes a posted job for the account. */
    claimJob: bind(claimJob),
    claimJobSync: bind(claimJobSync),
    /** Gives a claimed job back, at the cost of the claim bond. */
    abandonClaim: bind(abandonClaim),
    abandonClaimSync: bind(abandonClaimSync),
    /** Hands in the result of a claimed job, with a proof where it requires one. */
    completeJob: bind(completeJob),
    completeJobSync: bind(completeJobSync),
    /** Hands in the result of a job that requires no proof. */
    submitResult: bind(submitResult),
    submitResultSync: bind(submitResultSync),
    /** Records a batch of session work by a proof or by the host's own word. */
    submitWork: bind(submitWork),
    submitWorkSync: bind(submitWorkSync),
    /** Records several batches of session work. */
    submitWorkMany: bind(submitWorkMany),
    submitWorkManySync: bind(submitWorkManySync),
    /** Settles a session at once, with its last voucher. */
    settleSession: bind(settleSession),
    settleSessionSync: bind(settleSessionSync),
    /** Settles several sessions with what is proven on chain. */
    settleMany: bind(settleMany),
    settleManySync: bind(settleManySync),
    /** Takes a last proof and settles a session. */
    settleWithProof: bind(settleWithProof),
    settleWithProofSync: bind(settleWithProofSync),
    /** Settles a session that its renter has left. */
    claimAbandonedSession: bind(claimAbandonedSession),
    claimAbandonedSessionSync: bind(claimAbandonedSessionSync),
    /** Signs an offer of a session's price, off chain. */
    signQuote: bind(signQuote),
    /** Signs that a session ended at a count, off chain. */
    signFinal: bind(signFinal),
    /** What opening a session with a host asks of it. */
    getHostTerms: bind(getHostTerms),
    /** An offer to run a node that waits for its operator. */
    getPendingControl: bind(getPendingControl),
    /** Sessions of a host that are not settled. */
    getHostSessions: bind(getHostSessions),
    /** Score and record of a host. */
    getReputation: bind(getReputation),
  }
}
