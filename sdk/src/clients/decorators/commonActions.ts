import { batch, batchSync } from '../../actions/batch.ts'
import { autoRelease } from '../../actions/marketplace/autoRelease.ts'
import { checkpoint } from '../../actions/marketplace/checkpoint.ts'
import { checkpointMany } from '../../actions/marketplace/checkpointMany.ts'
import { finalizeSession } from '../../actions/marketplace/finalizeSession.ts'
import { findHosts } from '../../actions/marketplace/findHosts.ts'
import { getEarnings } from '../../actions/marketplace/getEarnings.ts'
import { getEscrow } from '../../actions/marketplace/getEscrow.ts'
import { getJob } from '../../actions/marketplace/getJob.ts'
import { getJobs } from '../../actions/marketplace/getJobs.ts'
import { getNode } from '../../actions/marketplace/getNode.ts'
import { getSession } from '../../actions/marketplace/getSession.ts'
import { quoteJobPayment } from '../../actions/marketplace/quoteJobPayment.ts'
import { quoteSettlement } from '../../actions/marketplace/quoteSettlement.ts'
import { refundExpiredJob } from '../../actions/marketplace/refundExpiredJob.ts'
import { resolveStaleDispute } from '../../actions/marketplace/resolveStaleDispute.ts'
import { timeoutSession } from '../../actions/marketplace/timeoutSession.ts'
import { withdraw } from '../../actions/marketplace/withdraw.ts'
import { withdrawAll } from '../../actions/marketplace/withdrawAll.ts'
import { withdrawable } from '../../actions/marketplace/withdrawable.ts'
import { preflight } from '../../actions/preflight.ts'
import { recordCompletion } from '../../actions/reputation/recordCompletion.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindAction, bindActions } from './bindActions.ts'

/** Actions of everyone: what time allows, withdrawals, and what is read of jobs, sessions and hosts. */
export type CommonActions = ReturnType<typeof commonActions>

/** Actions of everyone: what time allows, withdrawals, and what is read of jobs, sessions and hosts: bound to a client. */
export function commonActions(client: WriteClient) {
  return {
    ...bindActions(client, {
      /** Sends several actions as one operation. */
      batch,
      /** Runs actions without signing or sending anything. */
      preflight,
      /** Records a co-signed running count on chain. */
      checkpoint,
      /** Records co-signed running counts of several sessions. */
      checkpointMany,
      /** Settles a session whose closing window has ended. */
      finalizeSession,
      /** Settles a session two hours after its end. */
      timeoutSession,
      /** Credits the host of a submitted job after its review window. */
      autoRelease,
      /** Refunds a job whose deadline has passed. */
      refundExpiredJob,
      /** Ends a dispute that the arbiter left undecided. */
      resolveStaleDispute,
      /** Pays out everything that the marketplace owes the account in a token. */
      withdraw,
      /** Pays out everything that the marketplace owes the account. */
      withdrawAll,
      /** Books a completed job or session for the score of its host. */
      recordCompletion,
      getJob,
      /** The single jobs among a range of ids. */
      getJobs,
      /** What releasing a job now would pay. */
      quoteJobPayment,
      /** The escrow of a single job, with its dispute. */
      getEscrow,
      getSession,
      /** What settling a session now would pay. */
      quoteSettlement,
      getNode,
      /** Active hosts that take new work. */
      findHosts,
      /** What the marketplace owes an account in several tokens. */
      getEarnings,
    }),
    /** Sends several actions as one operation and returns the event of each. */
    batchSync: bindAction(client, batchSync),
    /** What the marketplace owes an account in a token. */
    withdrawable: bindAction(client, withdrawable),
  }
}
