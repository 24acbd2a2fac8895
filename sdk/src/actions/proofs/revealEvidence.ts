import type { Hex } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type RevealEvidenceParameters = {
  challengeId: bigint
  /** As it was committed to. */
  evidenceCid: string
  salt: Hex
}
export type RevealEvidenceEvent = { challengeId: bigint; evidenceCid: string }

/**
 * Shows the evidence of a challenge. Without it in time, the bond goes to the host.
 * @example
 * await revealEvidence(client, { challengeId, evidenceCid: 'bafy…', salt })
 */
export const revealEvidence = defineWrite<RevealEvidenceParameters, RevealEvidenceEvent>({
  contract: 'proofSystem',
  eventName: 'EvidenceRevealed',
  prepare: ({ contracts }, { challengeId, evidenceCid, salt }) =>
    oneCall(contracts.proofSystem, proofSystem.revealEvidence, [challengeId, evidenceCid, salt]),
  parse(log) {
    const args = parseEvent(log, proofSystem.EvidenceRevealed)
    return args && { challengeId: args.challengeId, evidenceCid: args.evidenceCID }
  },
})

/** {@link revealEvidence} that waits until it is on chain. */
export const revealEvidenceSync = toSync(revealEvidence)
