import { claimSlashed } from '../../actions/host/claimSlashed.ts'
import { getSlashed } from '../../actions/host/getSlashed.ts'
import { cancelJob } from '../../actions/marketplace/cancelJob.ts'
import { completeSession } from '../../actions/marketplace/completeSession.ts'
import { completeSessionWithFinal } from '../../actions/marketplace/completeSessionWithFinal.ts'
import { depositPrepaid } from '../../actions/marketplace/depositPrepaid.ts'
import { disputeJob } from '../../actions/marketplace/disputeJob.ts'
import { openSession } from '../../actions/marketplace/openSession.ts'
import { openSessionFromDeposit } from '../../actions/marketplace/openSessionFromDeposit.ts'
import { openSessionWithQuote } from '../../actions/marketplace/openSessionWithQuote.ts'
import { postJob } from '../../actions/marketplace/postJob.ts'
import { releasePayment } from '../../actions/marketplace/releasePayment.ts'
import { setCoSigner } from '../../actions/marketplace/setCoSigner.ts'
import { setDefaultCoSigner } from '../../actions/marketplace/setDefaultCoSigner.ts'
import { signVoucher } from '../../actions/marketplace/signVoucher.ts'
import { verifyQuote } from '../../actions/marketplace/verifyQuote.ts'
import { rateHost } from '../../actions/reputation/rateHost.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindActions } from './bindActions.ts'

/** Actions of renters: jobs, sessions and what they are owed for them. */
export type RenterActions = ReturnType<typeof renterActions>

/**
 * Actions of renters: jobs, sessions and what they are owed for them: bound to a client.
 * Every `createFabstirClient` has them.
 * @example
 * const { postJob } = renterActions(createFabstirClient({ account, transport, paymaster }))
 */
export function renterActions(client: WriteClient) {
  return bindActions(client, {
    /** Posts a single job and escrows its payment. */
    postJob,
    /** Takes back a job that nobody has claimed. */
    cancelJob,
    /** Credits the host of a submitted job. */
    releasePayment,
    /** Approves the bond and disputes the result of a job. */
    disputeJob,
    /** Approves the deposit and opens a session with a host. */
    openSession,
    /** Approves the deposit and opens a session by a host's signed offer. */
    openSessionWithQuote,
    /** Opens a session paid from what the marketplace owes the account. */
    openSessionFromDeposit,
    /** Approves and deposits an amount to open sessions with later. */
    depositPrepaid,
    /** Ends a session for new prompts. */
    completeSession,
    /** Settles a session at the count of which its host signed that it is the last. */
    completeSessionWithFinal,
    /** Changes the key that co-signs a session. */
    setCoSigner,
    /** Sets the key that co-signs sessions which name none. */
    setDefaultCoSigner,
    /** Rates the host of a completed job or session. */
    rateHost,
    /** Pays out claim bonds and slashed stake that the account was awarded. */
    claimSlashed,
    /** Co-signs a running count off chain. */
    signVoucher,
    /** Whether a session could be opened by an offer now. */
    verifyQuote,
    /** FAB that the account was awarded and has not claimed. */
    getSlashed,
  })
}
