import type { Address } from 'viem'
import { type BatchEvents, batch, batchSync } from '../../actions/batch.ts'
import { checkpoint, checkpointSync } from '../../actions/marketplace/checkpoint.ts'
import { claimJob, claimJobSync } from '../../actions/marketplace/claimJob.ts'
import { completeJob, completeJobSync } from '../../actions/marketplace/completeJob.ts'
import { completeSession, completeSessionSync } from '../../actions/marketplace/completeSession.ts'
import { finalizeSession, finalizeSessionSync } from '../../actions/marketplace/finalizeSession.ts'
import { findHosts } from '../../actions/marketplace/findHosts.ts'
import { getJob } from '../../actions/marketplace/getJob.ts'
import { getNode } from '../../actions/marketplace/getNode.ts'
import { getSession } from '../../actions/marketplace/getSession.ts'
import { openSession, openSessionSync } from '../../actions/marketplace/openSession.ts'
import { postJob, postJobSync } from '../../actions/marketplace/postJob.ts'
import { registerHost, registerHostSync } from '../../actions/marketplace/registerHost.ts'
import { releasePayment, releasePaymentSync } from '../../actions/marketplace/releasePayment.ts'
import { requestUnstake, requestUnstakeSync } from '../../actions/marketplace/requestUnstake.ts'
import { settleSession, settleSessionSync } from '../../actions/marketplace/settleSession.ts'
import { signVoucher } from '../../actions/marketplace/signVoucher.ts'
import { submitResult, submitResultSync } from '../../actions/marketplace/submitResult.ts'
import { unregisterHost, unregisterHostSync } from '../../actions/marketplace/unregisterHost.ts'
import { withdraw, withdrawSync } from '../../actions/marketplace/withdraw.ts'
import { withdrawable } from '../../actions/marketplace/withdrawable.ts'
import type { ActionCall } from '../../actions/write.ts'
import type { WriteClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'

/** An action without its client. */
type Bound<action> = action extends (client: never, ...rest: infer rest) => infer result
  ? (...rest: rest) => result
  : never

/** Actions of the marketplace. `x` resolves when the bundler has the operation, `xSync` with its event. */
export type MarketplaceActions = {
  /** Approves, stakes and registers the account as a host. */
  registerHost: Bound<typeof registerHost>
  registerHostSync: Bound<typeof registerHostSync>
  /** Starts the unbonding of a part of the stake. */
  requestUnstake: Bound<typeof requestUnstake>
  requestUnstakeSync: Bound<typeof requestUnstakeSync>
  /** Leaves the registry and starts the unbonding of the whole stake. */
  unregisterHost: Bound<typeof unregisterHost>
  unregisterHostSync: Bound<typeof unregisterHostSync>
  /** Approves the deposit and opens a session with a host. */
  openSession: Bound<typeof openSession>
  openSessionSync: Bound<typeof openSessionSync>
  /** Records a co-signed running count on chain. */
  checkpoint: Bound<typeof checkpoint>
  checkpointSync: Bound<typeof checkpointSync>
  /** Settles a session at once, with its last voucher. The host only. */
  settleSession: Bound<typeof settleSession>
  settleSessionSync: Bound<typeof settleSessionSync>
  /** Ends a session for new prompts. The renter only. */
  completeSession: Bound<typeof completeSession>
  completeSessionSync: Bound<typeof completeSessionSync>
  /** Settles a session whose closing window has ended. */
  finalizeSession: Bound<typeof finalizeSession>
  finalizeSessionSync: Bound<typeof finalizeSessionSync>
  /** Posts a single job and escrows its payment. */
  postJob: Bound<typeof postJob>
  postJobSync: Bound<typeof postJobSync>
  /** Takes a posted job for the account. */
  claimJob: Bound<typeof claimJob>
  claimJobSync: Bound<typeof claimJobSync>
  /** Hands in the result of a claimed job. The host only. */
  completeJob: Bound<typeof completeJob>
  completeJobSync: Bound<typeof completeJobSync>
  /** Hands in the result of a job that requires no proof. The host only. */
  submitResult: Bound<typeof submitResult>
  submitResultSync: Bound<typeof submitResultSync>
  /** Credits the host of a submitted job. The renter only. */
  releasePayment: Bound<typeof releasePayment>
  releasePaymentSync: Bound<typeof releasePaymentSync>
  /** Pays out everything that the marketplace owes the account in a token. */
  withdraw: Bound<typeof withdraw>
  withdrawSync: Bound<typeof withdrawSync>
  /** Sends several actions as one operation. */
  batch: Bound<typeof batch>
  /** Sends several actions as one operation and returns the event of each. */
  batchSync<const calls extends readonly ActionCall<unknown>[]>(
    calls: calls,
  ): Promise<BatchEvents<calls>>
  /** Co-signs a running count off chain. */
  signVoucher: Bound<typeof signVoucher>
  getJob: Bound<typeof getJob>
  getSession: Bound<typeof getSession>
  getNode: Bound<typeof getNode>
  /** Active hosts that take new work. */
  findHosts: Bound<typeof findHosts>
  /** What the marketplace owes an account in a token. */
  withdrawable<token extends Token>(parameters: {
    token: token
    account?: Address | undefined
  }): Promise<TokenAmount<token>>
}

/** Binds the actions of the marketplace to a client. */
export function marketplaceActions(client: WriteClient): MarketplaceActions {
  return {
    registerHost: (parameters) => registerHost(client, parameters),
    registerHostSync: (parameters) => registerHostSync(client, parameters),
    requestUnstake: (parameters) => requestUnstake(client, parameters),
    requestUnstakeSync: (parameters) => requestUnstakeSync(client, parameters),
    unregisterHost: (parameters) => unregisterHost(client, parameters),
    unregisterHostSync: (parameters) => unregisterHostSync(client, parameters),
    openSession: (parameters) => openSession(client, parameters),
    openSessionSync: (parameters) => openSessionSync(client, parameters),
    checkpoint: (parameters) => checkpoint(client, parameters),
    checkpointSync: (parameters) => checkpointSync(client, parameters),
    settleSession: (parameters) => settleSession(client, parameters),
    settleSessionSync: (parameters) => settleSessionSync(client, parameters),
    completeSession: (parameters) => completeSession(client, parameters),
    completeSessionSync: (parameters) => completeSessionSync(client, parameters),
    finalizeSession: (parameters) => finalizeSession(client, parameters),
    finalizeSessionSync: (parameters) => finalizeSessionSync(client, parameters),
    postJob: (parameters) => postJob(client, parameters),
    postJobSync: (parameters) => postJobSync(client, parameters),
    claimJob: (parameters) => claimJob(client, parameters),
    claimJobSync: (parameters) => claimJobSync(client, parameters),
    completeJob: (parameters) => completeJob(client, parameters),
    completeJobSync: (parameters) => completeJobSync(client, parameters),
    submitResult: (parameters) => submitResult(client, parameters),
    submitResultSync: (parameters) => submitResultSync(client, parameters),
    releasePayment: (parameters) => releasePayment(client, parameters),
    releasePaymentSync: (parameters) => releasePaymentSync(client, parameters),
    withdraw: (parameters) => withdraw(client, parameters),
    withdrawSync: (parameters) => withdrawSync(client, parameters),
    batch: (calls) => batch(client, calls),
    batchSync: (calls) => batchSync(client, calls),
    signVoucher: (parameters) => signVoucher(client, parameters),
    getJob: (parameters) => getJob(client, parameters),
    getSession: (parameters) => getSession(client, parameters),
    getNode: (parameters) => getNode(client, parameters),
    findHosts: (parameters) => findHosts(client, parameters),
    withdrawable: (parameters) => withdrawable(client, parameters),
  }
}
