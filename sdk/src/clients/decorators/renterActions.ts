import { claimSlashed, claimSlashedSync } from '../../actions/host/claimSlashed.ts'
import { getSlashed } from '../../actions/host/getSlashed.ts'
import { cancelJob, cancelJobSync } from '../../actions/marketplace/cancelJob.ts'
import { challengeWork, challengeWorkSync } from '../../actions/marketplace/challengeWork.ts'
import { completeSession, completeSessionSync } from '../../actions/marketplace/completeSession.ts'
import {
  completeSessionWithFinal,
  completeSessionWithFinalSync,
} from '../../actions/marketplace/completeSessionWithFinal.ts'
import { depositPrepaid, depositPrepaidSync } from '../../actions/marketplace/depositPrepaid.ts'
import { disputeJob, disputeJobSync } from '../../actions/marketplace/disputeJob.ts'
import { openSession, openSessionSync } from '../../actions/marketplace/openSession.ts'
import {
  openSessionFromDeposit,
  openSessionFromDepositSync,
} from '../../actions/marketplace/openSessionFromDeposit.ts'
import {
  openSessionWithQuote,
  openSessionWithQuoteSync,
} from '../../actions/marketplace/openSessionWithQuote.ts'
import { postJob, postJobSync } from '../../actions/marketplace/postJob.ts'
import { releasePayment, releasePaymentSync } from '../../actions/marketplace/releasePayment.ts'
import { setCoSigner, setCoSignerSync } from '../../actions/marketplace/setCoSigner.ts'
import {
  setDefaultCoSigner,
  setDefaultCoSignerSync,
} from '../../actions/marketplace/setDefaultCoSigner.ts'
import { signVoucher } from '../../actions/marketplace/signVoucher.ts'
import { verifyQuote } from '../../actions/marketplace/verifyQuote.ts'
import { rateHost, rateHostSync } from '../../actions/reputation/rateHost.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindTo } from './bindTo.ts'

/** Actions of renters: jobs, sessions and what they are owed for them. */
export type RenterActions = ReturnType<typeof renterActions>

/** Binds the actions to a client. `x` resolves when the bundler has the operation, `xSync` with its event. */
export function renterActions(client: WriteClient) {
  const bind = bindTo(client)
  return {
    /** Posts a single job and escrows its payment. */
    postJob: bind(postJob),
    postJobSync: bind(postJobSync),
    /** Takes back a job that nobody has claimed. */
    cancelJob: bind(cancelJob),
    cancelJobSync: bind(cancelJobSync),
    /** Credits the host of a submitted job. */
    releasePayment: bind(releasePayment),
    releasePaymentSync: bind(releasePaymentSync),
    /** Approves the bond and disputes the result of a job. */
    disputeJob: bind(disputeJob),
    disputeJobSync: bind(disputeJobSync),
    /** Approves the deposit and opens a session with a host. */
    openSession: bind(openSession),
    openSessionSync: bind(openSessionSync),
    /** Approves the deposit and opens a session by a host's signed offer. */
    openSessionWithQuote: bind(openSessionWithQuote),
    openSessionWithQuoteSync: bind(openSessionWithQuoteSync),
    /** Opens a session paid from what the marketplace owes the account. */
    openSessionFromDeposit: bind(openSessionFromDeposit),
    openSessionFromDepositSync: bind(openSessionFromDepositSync),
    /** Approves and deposits an amount to open sessions with later. */
    depositPrepaid: bind(depositPrepaid),
    depositPrepaidSync: bind(depositPrepaidSync),
    /** Ends a session for new prompts. */
    completeSession: bind(completeSession),
    completeSessionSync: bind(completeSessionSync),
    /** Settles a session at the count of which its host signed that it is the last. */
    completeSessionWithFinal: bind(completeSessionWithFinal),
    completeSessionWithFinalSync: bind(completeSessionWithFinalSync),
    /** Changes the key that co-signs a session. */
    setCoSigner: bind(setCoSigner),
    setCoSignerSync: bind(setCoSignerSync),
    /** Sets the key that co-signs sessions which name none. */
    setDefaultCoSigner: bind(setDefaultCoSigner),
    setDefaultCoSignerSync: bind(setDefaultCoSignerSync),
    /** Disputes the attested work of a session. */
    challengeWork: bind(challengeWork),
    challengeWorkSync: bind(challengeWorkSync),
    /** Rates the host of a completed job or session. */
    rateHost: bind(rateHost),
    rateHostSync: bind(rateHostSync),
    /** Pays out claim bonds and slashed stake that the account was awarded. */
    claimSlashed: bind(claimSlashed),
    claimSlashedSync: bind(claimSlashedSync),
    /** Co-signs a running count off chain. */
    signVoucher: bind(signVoucher),
    /** Whether a session could be opened by an offer now. */
    verifyQuote: bind(verifyQuote),
    /** FAB that the account was awarded and has not claimed. */
    getSlashed: bind(getSlashed),
  }
}
