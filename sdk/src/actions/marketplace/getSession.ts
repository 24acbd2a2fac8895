import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { ReadClient } from '../../types/client.ts'

const statuses = ['none', 'active', 'closing', 'settled'] as const

export type SessionStatus = (typeof statuses)[number]

export type Session = {
  sessionId: bigint
  renter: Address
  host: Address
  /** `address(0)` is ETH. */
  token: Address
  coSigner: Address
  /** Smallest unit of the token. */
  deposit: bigint
  /** Smallest unit of the token per 1,000 inference tokens. */
  pricePer1000: bigint
  /** Inference tokens proven on chain so far. */
  provenTokens: bigint
  /** Inference tokens between intermediate checkpoints. */
  checkpointInterval: bigint
  /** Unix seconds. */
  startedAt: bigint
  /** Seconds. */
  maxDuration: bigint
  /** Unix seconds at which a closing session can be finalized; 0 while active and once settled. */
  closesAt: bigint
  /** Unix seconds; 0 before. */
  settledAt: bigint
  /** Fees in hundredths of a percent, fixed when the session was opened. */
  protocolBps: bigint
  stakersBps: bigint
  status: SessionStatus
}

/**
 * A session job. Its status is 'none' when there is no such session.
 * @example
 * const { provenTokens } = await getSession(client, { sessionId })
 */
export async function getSession(
  client: ReadClient,
  { sessionId }: { sessionId: bigint },
): Promise<Session> {
  const { status, proofInterval, ...session } = await withTypedErrors(client, () =>
    readContract(client.client, {
      abi: jobMarketplaceAbi,
      address: client.contracts.marketplace,
      functionName: 'getSessionDetails',
      args: [sessionId],
    }),
  )
  return {
    sessionId,
    ...session,
    checkpointInterval: proofInterval,
    status: statuses[status] ?? 'none',
  }
}
