import { challengeProof, challengeProofSync } from '../../actions/proofs/challengeProof.ts'
import { expireChallenge, expireChallengeSync } from '../../actions/proofs/expireChallenge.ts'
import { getChallenge } from '../../actions/proofs/getChallenge.ts'
import { getCircuit } from '../../actions/proofs/getCircuit.ts'
import { getProof } from '../../actions/proofs/getProof.ts'
import { getProofBinding } from '../../actions/proofs/getProofBinding.ts'
import { getWithdrawableBond } from '../../actions/proofs/getWithdrawableBond.ts'
import { resolveChallenge, resolveChallengeSync } from '../../actions/proofs/resolveChallenge.ts'
import { revealEvidence, revealEvidenceSync } from '../../actions/proofs/revealEvidence.ts'
import { submitProof, submitProofSync } from '../../actions/proofs/submitProof.ts'
import { verifyProof, verifyProofSync } from '../../actions/proofs/verifyProof.ts'
import { verifyProofMany, verifyProofManySync } from '../../actions/proofs/verifyProofMany.ts'
import { withdrawBond, withdrawBondSync } from '../../actions/proofs/withdrawBond.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindTo } from './bindTo.ts'

/** Actions around proofs of single jobs and challenges of their results. */
export type ProofActions = ReturnType<typeof proofActions>

/** Binds the actions to a client. `x` resolves when the bundler has the operation, `xSync` with its event. */
export function proofActions(client: WriteClient) {
  const bind = bindTo(client)
  return {
    /** Stores the hash of a proof of a job. */
    submitProof: bind(submitProof),
    submitProofSync: bind(submitProofSync),
    /** Verifies a submitted proof on chain. */
    verifyProof: bind(verifyProof),
    verifyProofSync: bind(verifyProofSync),
    /** Verifies several submitted proofs. */
    verifyProofMany: bind(verifyProofMany),
    verifyProofManySync: bind(verifyProofManySync),
    /** Approves the bond and challenges the result of a job. */
    challengeProof: bind(challengeProof),
    challengeProofSync: bind(challengeProofSync),
    /** Shows the evidence of a challenge. */
    revealEvidence: bind(revealEvidence),
    revealEvidenceSync: bind(revealEvidenceSync),
    /** Decides a challenge. Resolvers only. */
    resolveChallenge: bind(resolveChallenge),
    resolveChallengeSync: bind(resolveChallengeSync),
    /** Closes a challenge whose time is over. */
    expireChallenge: bind(expireChallenge),
    expireChallengeSync: bind(expireChallengeSync),
    /** Pays out what bonds of challenges left the account. */
    withdrawBond: bind(withdrawBond),
    withdrawBondSync: bind(withdrawBondSync),
    /** What is known of a single job's proof. */
    getProof: bind(getProof),
    /** The public input that ties a proof to one job. */
    getProofBinding: bind(getProofBinding),
    /** What judges proofs for a model. */
    getCircuit: bind(getCircuit),
    /** A challenge of a job's result. */
    getChallenge: bind(getChallenge),
    /** FAB that bonds of challenges left an account. */
    getWithdrawableBond: bind(getWithdrawableBond),
  }
}
