import type { Address, Log } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { parseEvent } from '../parseEvent.ts'

export type VerifyProofEvent = {
  jobId: bigint
  host: Address
  /** Whether the proof holds. When it does not, the host fails and the renter is refunded. */
  valid: boolean
}

/** `ProofVerified` or `ProofInvalid` in a log. */
export function parseProofVerified(log: Log): VerifyProofEvent | undefined {
  const verified = parseEvent(log, proofSystem.ProofVerified)
  if (verified) return { ...verified, valid: true }
  const invalid = parseEvent(log, proofSystem.ProofInvalid)
  return invalid && { ...invalid, valid: false }
}
