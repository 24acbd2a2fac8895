import type { Hex, Log } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { parseEvent } from '../parseEvent.ts'

/** A count was proven: by the co-signer, or by a proof. */
export type CheckpointEvent = {
  sessionId: bigint
  cumulativeTokens: bigint
  /** Of a proof, its hash. */
  transcriptHash: Hex
}

/** `SessionCheckpointed` in a log. */
export function parseCheckpoint(log: Log): CheckpointEvent | undefined {
  const args = parseEvent(log, marketplace.SessionCheckpointed)
  if (!args) return undefined
  const { jobId, cumulativeTokens, transcriptHash } = args
  return { sessionId: jobId, cumulativeTokens, transcriptHash }
}
