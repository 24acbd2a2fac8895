import type { Address, Hex } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'
import type { EzklProof } from './ezklProof.ts'

export type SubmitProofParameters = { jobId: bigint; proof: EzklProof }
export type SubmitProofEvent = {
  jobId: bigint
  host: Address
  /** keccak256 of the encoded proof. */
  proofHash: Hex
  inputHash: Hex
  outputHash: Hex
}

/**
 * Stores the hash of a proof of a job whose result is handed in. Its payout waits until the proof is verified, at most
 * 24 hours. The job's host only, once.
 * @example
 * await submitProof(client, { jobId, proof })
 */
export const submitProof = defineWrite<SubmitProofParameters, SubmitProofEvent>({
  contract: 'proofSystem',
  eventName: 'ProofSubmitted',
  prepare: ({ contracts }, { jobId, proof }) =>
    oneCall(contracts.proofSystem, proofSystem.submitProof, [jobId, proof]),
  parse: (log) => parseEvent(log, proofSystem.ProofSubmitted),
})

/** {@link submitProof} that waits until it is on chain. */
export const submitProofSync = toSync(submitProof)
