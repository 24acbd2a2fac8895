import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWriteMany, toSync } from '../write.ts'
import { parseProofVerified, type VerifyProofEvent } from './proofVerified.ts'
import type { VerifyProofParameters } from './verifyProof.ts'

export type VerifyProofManyParameters = {
  /** At most 20. */
  proofs: readonly VerifyProofParameters[]
}
export type VerifyProofManyEvent = {
  /** Without the proofs that could not be checked. */
  proofs: VerifyProofEvent[]
}

/**
 * {@link verifyProof} for several proofs. One that cannot be checked leaves the others alone.
 * @example
 * const { proofs } = await verifyProofManySync(client, { proofs: [{ jobId: 1n, proof }] })
 */
export const verifyProofMany = defineWriteMany<
  VerifyProofManyParameters,
  VerifyProofEvent,
  VerifyProofManyEvent
>({
  contract: 'proofSystem',
  eventName: 'ProofVerified',
  prepare: ({ contracts }, { proofs }) =>
    oneCall(contracts.proofSystem, proofSystem.batchVerifyProofs, [
      proofs.map(({ jobId }) => jobId),
      proofs.map(({ proof }) => proof),
    ]),
  parse: parseProofVerified,
  belongs: (event, { proofs }) => proofs.some(({ jobId }) => jobId === event.jobId),
  gather: (proofs) => ({ proofs }),
})

/** {@link verifyProofMany} that waits until it is on chain. */
export const verifyProofManySync = toSync(verifyProofMany)
