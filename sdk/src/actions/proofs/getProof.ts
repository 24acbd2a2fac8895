import type { Address, Hex } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

const statuses = ['none', 'submitted', 'verified', 'invalid'] as const

export type ProofStatus = (typeof statuses)[number]

export type JobProof = {
  /** Zero without a proof. */
  host: Address
  /** Unix seconds. */
  submittedAt: number
  status: ProofStatus
  proofHash: Hex
  /** Whether the job's payout waits for a challenge, or for the verification of a proof. */
  payoutBlocked: boolean
}

/**
 * What is known of a single job's proof.
 * @example
 * const { status, payoutBlocked } = await getProof(client, { jobId })
 */
export async function getProof(
  client: ReadClient,
  { jobId }: { jobId: bigint },
): Promise<JobProof> {
  const address = client.contracts.proofSystem
  const [{ status, ...record }, payoutBlocked] = await Promise.all([
    readView(client, address, proofSystem.getProof, [jobId]),
    readView(client, address, proofSystem.isPayoutBlocked, [jobId]),
  ])
  return { ...record, status: statuses[status] as ProofStatus, payoutBlocked }
}
