import { challengeProof } from '../../actions/proofs/challengeProof.ts'
import { expireChallenge } from '../../actions/proofs/expireChallenge.ts'
import { getChallenge } from '../../actions/proofs/getChallenge.ts'
import { getCircuit } from '../../actions/proofs/getCircuit.ts'
import { getProof } from '../../actions/proofs/getProof.ts'
import { getProofBinding } from '../../actions/proofs/getProofBinding.ts'
import { getWithdrawableBond } from '../../actions/proofs/getWithdrawableBond.ts'
import { resolveChallenge } from '../../actions/proofs/resolveChallenge.ts'
import { revealEvidence } from '../../actions/proofs/revealEvidence.ts'
import { submitProof } from '../../actions/proofs/submitProof.ts'
import { verifyProof } from '../../actions/proofs/verifyProof.ts'
import { verifyProofMany } from '../../actions/proofs/verifyProofMany.ts'
import { withdrawBond } from '../../actions/proofs/withdrawBond.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindActions } from './bindActions.ts'

/** Actions around proofs of single jobs and challenges of their results. */
export type ProofActions = ReturnType<typeof proofActions>

/**
 * Binds the actions to a client. `x` resolves when the bundler has the operation, `xSync` with its event.
 * @example
 * const host = createFabstirClient({ account, transport, paymaster }).extend(proofActions)
 */
export function proofActions(client: WriteClient) {
  return bindActions(client, {
    /** Stores the hash of a proof of a job. */
    submitProof,
    /** Verifies a submitted proof on chain. */
    verifyProof,
    /** Verifies several submitted proofs. */
    verifyProofMany,
    /** Approves the bond and challenges the result of a job. */
    challengeProof,
    /** Shows the evidence of a challenge. */
    revealEvidence,
    /** Decides a challenge. Resolvers only. */
    resolveChallenge,
    /** Closes a challenge whose time is over. */
    expireChallenge,
    /** Pays out what bonds of challenges left the account. */
    withdrawBond,
    /** What is known of a single job's proof. */
    getProof,
    /** The public input that ties a proof to one job. */
    getProofBinding,
    /** What judges proofs for a model. */
    getCircuit,
    /** A challenge of a job's result. */
    getChallenge,
    /** FAB that bonds of challenges left an account. */
    getWithdrawableBond,
  })
}
