import { batch, batchSync } from '../../actions/batch.ts'
import { autoRelease, autoReleaseSync } from '../../actions/marketplace/autoRelease.ts'
import { checkpoint, checkpointSync } from '../../actions/marketplace/checkpoint.ts'
import { checkpointMany, checkpointManySync } from '../../actions/marketplace/checkpointMany.ts'
import { decideWork, decideWorkSync } from '../../actions/marketplace/decideWork.ts'
import { distributeFees, distributeFeesSync } from '../../actions/marketplace/distributeFees.ts'
import { finalizeSession, finalizeSessionSync } from '../../actions/marketplace/finalizeSession.ts'
import { findHosts } from '../../actions/marketplace/findHosts.ts'
import { getAttestedWork } from '../../actions/marketplace/getAttestedWork.ts'
import { getEarnings } from '../../actions/marketplace/getEarnings.ts'
import { getEscrow } from '../../actions/marketplace/getEscrow.ts'
import { getJob } from '../../actions/marketplace/getJob.ts'
import { getJobs } from '../../actions/marketplace/getJobs.ts'
import { getNode } from '../../actions/marketplace/getNode.ts'
import { getSession } from '../../actions/marketplace/getSession.ts'
import { quoteJobPayment } from '../../actions/marketplace/quoteJobPayment.ts'
import { quoteSettlement } from '../../actions/marketplace/quoteSettlement.ts'
import {
  refundExpiredJob,
  refundExpiredJobSync,
} from '../../actions/marketplace/refundExpiredJob.ts'
import { resolveDispute, resolveDisputeSync } from '../../actions/marketplace/resolveDispute.ts'
import {
  resolveStaleDispute,
  resolveStaleDisputeSync,
} from '../../actions/marketplace/resolveStaleDispute.ts'
import { timeoutSession, timeoutSessionSync } from '../../actions/marketplace/timeoutSession.ts'
import { withdraw, withdrawSync } from '../../actions/marketplace/withdraw.ts'
import { withdrawAll, withdrawAllSync } from '../../actions/marketplace/withdrawAll.ts'
import { withdrawable } from '../../actions/marketplace/withdrawable.ts'
import { preflight } from '../../actions/preflight.ts'
import { assertRole } from '../../actions/protocol/assertRole.ts'
import { getAcceptedToken } from '../../actions/protocol/getAcceptedToken.ts'
import { getBreaker } from '../../actions/protocol/getBreaker.ts'
import { getProtocol } from '../../actions/protocol/getProtocol.ts'
import { hasRole } from '../../actions/protocol/hasRole.ts'
import {
  recordCompletion,
  recordCompletionSync,
} from '../../actions/reputation/recordCompletion.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindTo } from './bindTo.ts'

/** Actions of everyone: what time allows, withdrawals, and everything that is read. */
export type CommonActions = ReturnType<typeof commonActions>

/** Binds the actions to a client. `x` resolves when the bundler has the operation, `xSync` with its event. */
export function commonActions(client: WriteClient) {
  const bind = bindTo(client)
  return {
    /** Sends several actions as one operation. */
    batch: bind(batch),
    /** Sends several actions as one operation and returns the event of each. */
    batchSync: bind(batchSync),
    /** Runs actions without signing or sending anything. */
    preflight: bind(preflight),
    /** Records a co-signed running count on chain. */
    checkpoint: bind(checkpoint),
    checkpointSync: bind(checkpointSync),
    /** Records co-signed running counts of several sessions. */
    checkpointMany: bind(checkpointMany),
    checkpointManySync: bind(checkpointManySync),
    /** Settles a session whose closing window has ended. */
    finalizeSession: bind(finalizeSession),
    finalizeSessionSync: bind(finalizeSessionSync),
    /** Settles a session two hours after its end. */
    timeoutSession: bind(timeoutSession),
    timeoutSessionSync: bind(timeoutSessionSync),
    /** Credits the host of a submitted job after its review window. */
    autoRelease: bind(autoRelease),
    autoReleaseSync: bind(autoReleaseSync),
    /** Refunds a job whose deadline has passed. */
    refundExpiredJob: bind(refundExpiredJob),
    refundExpiredJobSync: bind(refundExpiredJobSync),
    /** Decides a dispute. The arbiter only. */
    resolveDispute: bind(resolveDispute),
    resolveDisputeSync: bind(resolveDisputeSync),
    /** Ends a dispute that the arbiter left undecided. */
    resolveStaleDispute: bind(resolveStaleDispute),
    resolveStaleDisputeSync: bind(resolveStaleDisputeSync),
    /** Decides a challenge of attested work. The arbiter only. */
    decideWork: bind(decideWork),
    decideWorkSync: bind(decideWorkSync),
    /** Pays out everything that the marketplace owes the account in a token. */
    withdraw: bind(withdraw),
    withdrawSync: bind(withdrawSync),
    /** Pays out everything that the marketplace owes the account. */
    withdrawAll: bind(withdrawAll),
    withdrawAllSync: bind(withdrawAllSync),
    /** Pays collected fees to the treasury and the stakers. */
    distributeFees: bind(distributeFees),
    distributeFeesSync: bind(distributeFeesSync),
    /** Books a completed job or session for the score of its host. */
    recordCompletion: bind(recordCompletion),
    recordCompletionSync: bind(recordCompletionSync),
    getJob: bind(getJob),
    /** The single jobs among a range of ids. */
    getJobs: bind(getJobs),
    /** What releasing a job now would pay. */
    quoteJobPayment: bind(quoteJobPayment),
    /** The escrow of a single job, with its dispute. */
    getEscrow: bind(getEscrow),
    getSession: bind(getSession),
    /** What settling a session now would pay. */
    quoteSettlement: bind(quoteSettlement),
    /** Work of a session that does not count yet. */
    getAttestedWork: bind(getAttestedWork),
    getNode: bind(getNode),
    /** Active hosts that take new work. */
    findHosts: bind(findHosts),
    /** What the marketplace owes an account in a token. */
    withdrawable: bind(withdrawable),
    /** What the marketplace owes an account in several tokens. */
    getEarnings: bind(getEarnings),
    /** Whether the marketplace takes a token, and within which limits. */
    getAcceptedToken: bind(getAcceptedToken),
    /** The circuit breaker, and what an account may open now. */
    getBreaker: bind(getBreaker),
    /** Fees, windows, bonds and stakes as they are now. */
    getProtocol: bind(getProtocol),
    /** Whether an account may act in a role. */
    hasRole: bind(hasRole),
    /** Refuses what an account may not do. */
    assertRole: bind(assertRole),
  }
}
