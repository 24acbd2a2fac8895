import type { Address, Hex } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { type ChallengeStatus, challengeStatuses } from './challengeClosed.ts'

export type Challenge = {
  challengeId: bigint
  jobId: bigint
  challenger: Address
  host: Address
  /** FAB in wei. */
  bond: bigint
  evidenceHash: Hex
  /** Unix seconds until which the evidence must be shown. */
  revealBy: number
  /** Unix seconds until which a resolver decides. */
  resolveBy: number
  status: ChallengeStatus
}

/**
 * A challenge of a job's result, by its id or the newest of a job; `undefined` when there is none.
 * @example
 * const challenge = await getChallenge(client, { jobId })
 */
export async function getChallenge(
  client: ReadClient,
  parameters:
    | { challengeId: bigint; jobId?: undefined }
    | { jobId: bigint; challengeId?: undefined },
): Promise<Challenge | undefined> {
  const address = client.contracts.proofSystem
  const challengeId =
    parameters.challengeId ??
    (await readView(client, address, proofSystem.challengesOf, [parameters.jobId]))[0]
  const { status, ...challenge } = await readView(client, address, proofSystem.getChallenge, [
    challengeId,
  ])
  if (status === 0) return undefined
  return { challengeId, ...challenge, status: challengeStatuses[status] as ChallengeStatus }
}
