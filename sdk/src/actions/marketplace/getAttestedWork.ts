import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type AttestedWork = {
  /** Running count that the host attests; 0 when nothing is pending. */
  tokens: bigint
  /** Unix seconds. */
  maturesAt: bigint
  /** What it would add to the payment, in the smallest unit of the session's token. */
  value: bigint
  /** What the renter put up for its challenge; 0 without one. */
  bond: bigint
  challenged: boolean
}

/**
 * Work of a session that its host has attested and that does not count yet.
 * @example
 * const { maturesAt, challenged } = await getAttestedWork(client, { sessionId })
 */
export async function getAttestedWork(
  client: ReadClient,
  { sessionId }: { sessionId: bigint },
): Promise<AttestedWork> {
  return readView(client, client.contracts.marketplace, marketplace.attestedWork, [sessionId])
}
