import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import type { EzklProof } from './ezklProof.ts'
import { parseProofVerified, type VerifyProofEvent } from './proofVerified.ts'

export type VerifyProofParameters = {
  jobId: bigint
  /** The submitted one. */
  proof: EzklProof
}

/**
 * Verifies a submitted proof on chain. Anyone. One that does not hold is an event too, not an error.
 * @example
 * const { valid } = await verifyProofSync(client, { jobId, proof })
 */
export const verifyProof = defineWrite<VerifyProofParameters, VerifyProofEvent>({
  contract: 'proofSystem',
  eventName: 'ProofVerified',
  prepare: ({ contracts }, { jobId, proof }) =>
    oneCall(contracts.proofSystem, proofSystem.verifyProof, [jobId, proof]),
  parse: parseProofVerified,
})

/** {@link verifyProof} that waits until it is on chain. */
export const verifyProofSync = toSync(verifyProof)
