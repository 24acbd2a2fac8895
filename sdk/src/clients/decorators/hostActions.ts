import { acceptControl } from '../../actions/host/acceptControl.ts'
import { addStake } from '../../actions/host/addStake.ts'
import { cancelControlledNode } from '../../actions/host/cancelControlledNode.ts'
import { getHostTerms } from '../../actions/host/getHostTerms.ts'
import { getPendingControl } from '../../actions/host/getPendingControl.ts'
import { registerControlledNode } from '../../actions/host/registerControlledNode.ts'
import { setAccepting } from '../../actions/host/setAccepting.ts'
import { setMaxSessions } from '../../actions/host/setMaxSessions.ts'
import { setMetadata } from '../../actions/host/setMetadata.ts'
import { setModels } from '../../actions/host/setModels.ts'
import { setPrice } from '../../actions/host/setPrice.ts'
import { withdrawUnstaked } from '../../actions/host/withdrawUnstaked.ts'
import { abandonClaim } from '../../actions/marketplace/abandonClaim.ts'
import { claimAbandonedSession } from '../../actions/marketplace/claimAbandonedSession.ts'
import { claimJob } from '../../actions/marketplace/claimJob.ts'
import { completeJob } from '../../actions/marketplace/completeJob.ts'
import { getHostSessions } from '../../actions/marketplace/getHostSessions.ts'
import { registerHost } from '../../actions/marketplace/registerHost.ts'
import { requestUnstake } from '../../actions/marketplace/requestUnstake.ts'
import { settleMany } from '../../actions/marketplace/settleMany.ts'
import { settleSession } from '../../actions/marketplace/settleSession.ts'
import { signFinal } from '../../actions/marketplace/signFinal.ts'
import { signQuote } from '../../actions/marketplace/signQuote.ts'
import { submitResult } from '../../actions/marketplace/submitResult.ts'
import { unregisterHost } from '../../actions/marketplace/unregisterHost.ts'
import { getReputation } from '../../actions/reputation/getReputation.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindAction, bindActions } from './bindActions.ts'

/** Actions of hosts: their node, their offers, and the work that they do. */
export type HostActions = ReturnType<typeof hostActions>

/**
 * Actions of hosts: their node, their offers, and the work that they do: bound to a client.
 * Every `createFabstirClient` has them.
 * @example
 * const { claimJob } = hostActions(createFabstirClient({ account, transport, paymaster }))
 */
export function hostActions(client: WriteClient) {
  return {
    ...bindActions(client, {
      /** Approves, stakes and registers the account as a host. */
      registerHost,
      /** Approves and adds FAB to the stake. */
      addStake,
      /** Starts the unbonding of a part of the stake. */
      requestUnstake,
      /** Pays out stake that has finished unbonding. */
      withdrawUnstaked,
      /** Leaves the registry and starts the unbonding of the whole stake. */
      unregisterHost,
      /** Publishes new metadata. */
      setMetadata,
      /** Opens or closes the host for new work. */
      setAccepting,
      /** Replaces the list of models that sessions may name. */
      setModels,
      /** Sets the smallest price of sessions. */
      setPrice,
      /** Caps the sessions that the host takes at a time. */
      setMaxSessions,
      /** Approves and pays the stake of a node that another account will run. */
      registerControlledNode,
      /** Makes the account a node with the stake that a controller has paid. */
      acceptControl,
      /** Takes an offer to run a node back, with its stake. */
      cancelControlledNode,
      /** Takes a posted job for the account. */
      claimJob,
      /** Gives a claimed job back, at the cost of the claim bond. */
      abandonClaim,
      /** Hands in the result of a claimed job, with a proof where it requires one. */
      completeJob,
      /** Hands in the result of a job that requires no proof. */
      submitResult,
      /** Settles a session at once, with its last voucher. */
      settleSession,
      /** Settles several sessions with what is proven on chain. */
      settleMany,
      /** Settles a session that its renter has left. */
      claimAbandonedSession,
      /** Signs an offer of a session's price, off chain. */
      signQuote,
      /** Signs that a session ended at a count, off chain. */
      signFinal,
      /** An offer to run a node that waits for its operator. */
      getPendingControl,
      /** Sessions of a host that are not settled. */
      getHostSessions,
      /** Score and record of a host. */
      getReputation,
    }),
    /** What opening a session with a host asks of it. */
    getHostTerms: bindAction(client, getHostTerms),
  }
}
