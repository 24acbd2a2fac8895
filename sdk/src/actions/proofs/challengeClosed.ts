import type { Address, Log } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { parseEvent } from '../parseEvent.ts'

export const challengeStatuses = [
  'none',
  'committed',
  'revealed',
  'upheld',
  'rejected',
  'expired',
] as const

export type ChallengeStatus = (typeof challengeStatuses)[number]

export type ChallengeClosedEvent = {
  challengeId: bigint
  jobId: bigint
  outcome: ChallengeStatus
  /** Who may withdraw the bond. */
  bondTo: Address
  /** FAB in wei. */
  bond: bigint
  /** FAB in wei that the host's stake lost. */
  slashed: bigint
}

/** `ChallengeClosed` in a log. */
export function parseChallengeClosed(log: Log): ChallengeClosedEvent | undefined {
  const args = parseEvent(log, proofSystem.ChallengeClosed)
  return args && { ...args, outcome: challengeStatuses[args.outcome] as ChallengeStatus }
}
