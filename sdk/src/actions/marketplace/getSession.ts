import type { Address, Hex } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { type ProofMode, proofModes } from './sessionTerms.ts'

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
  /** Seconds that completion leaves for the last vouchers; 0 once closing. */
  closingWindow: bigint
  /** Id of the model; zero is any. */
  model: Hex
  proofMode: ProofMode
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
  const { status, proofMode, proofInterval, ...session } = await readView(
    client,
    client.contracts.marketplace,
    marketplace.getSessionDetails,
    [sessionId],
  )
  return {
    sessionId,
    ...session,
    checkpointInterval: proofInterval,
    status: statuses[status] ?? 'none',
    proofMode: proofModes[proofMode] ?? 'coSigned',
  }
}
