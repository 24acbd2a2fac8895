import { challengeWork } from '../../actions/marketplace/challengeWork.ts'
import { decideWork } from '../../actions/marketplace/decideWork.ts'
import { getAttestedWork } from '../../actions/marketplace/getAttestedWork.ts'
import { settleWithProof } from '../../actions/marketplace/settleWithProof.ts'
import { submitWork } from '../../actions/marketplace/submitWork.ts'
import { submitWorkMany } from '../../actions/marketplace/submitWorkMany.ts'
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

/** Work that is attested or proven instead of co-signed, proofs of jobs, and challenges of both. */
export type ProofActions = ReturnType<typeof proofActions>

/**
 * Work that is attested or proven instead of co-signed, proofs of jobs, and challenges of both: bound to a client.
 * @example
 * const host = createFabstirClient({ account, transport, paymaster }).extend(proofActions)
 */
export function proofActions(client: WriteClient) {
  return bindActions(client, {
    /** Records a batch of session work by a proof or by the host's own word. */
    submitWork,
    /** Records several batches of session work. */
    submitWorkMany,
    /** Takes a last proof and settles a session. */
    settleWithProof,
    /** Disputes the attested work of a session. */
    challengeWork,
    /** Decides a challenge of attested work. The arbiter only. */
    decideWork,
    /** Work of a session that does not count yet. */
    getAttestedWork,
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
