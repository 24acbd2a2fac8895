import type { Address, Hex } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { withPull } from '../pull.ts'
import { readView } from '../readView.ts'
import { defineWrite, toSync } from '../write.ts'

export type ChallengeProofParameters = {
  jobId: bigint
  /** Content id of the evidence. Nobody sees it before {@link revealEvidence}. */
  evidenceCid: string
  /** Random, and kept for {@link revealEvidence}. */
  salt: Hex
}
export type ChallengeProofEvent = {
  challengeId: bigint
  jobId: bigint
  challenger: Address
  evidenceHash: Hex
  /** Unix seconds until which the evidence must be shown. */
  revealBy: bigint
  /** Unix seconds until which a resolver decides. */
  resolveBy: bigint
}

/**
 * Approves the bond and challenges the submitted result of a job, which freezes its payout: one operation. The job's
 * renter, or an active host that shares no controller with its host.
 * @throws {InsufficientBalanceError} When the account holds less FAB than the bond.
 * @example
 * const { challengeId } = await challengeProofSync(client, { jobId, evidenceCid: 'bafy…', salt })
 */
export const challengeProof = defineWrite<ChallengeProofParameters, ChallengeProofEvent>({
  contract: 'proofSystem',
  eventName: 'ProofChallenged',
  async prepare(client, { jobId, evidenceCid, salt }) {
    const { proofSystem: address, fab } = client.contracts
    const challenger = client.account.address
    const [bond, evidenceHash] = await Promise.all([
      readView(client, address, proofSystem.challengeBond, []),
      readView(client, address, proofSystem.evidenceHashOf, [jobId, challenger, evidenceCid, salt]),
    ])
    const args = [jobId, evidenceHash, bond] as const
    return withPull(encodeCall(address, proofSystem.challengeProof, args), fab, bond)
  },
  parse: (log) => parseEvent(log, proofSystem.ProofChallenged),
})

/** {@link challengeProof} that waits until it is on chain. */
export const challengeProofSync = toSync(challengeProof)
