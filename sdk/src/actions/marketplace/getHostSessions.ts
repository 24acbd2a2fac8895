import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type GetHostSessionsParameters = {
  /** The client's own account by default. */
  host?: Address | undefined
  /** First id to look at; 1 by default. */
  from?: bigint | undefined
  /** Ids to look at; 1,000 by default. */
  limit?: number | undefined
}

/**
 * Sessions of a host that are not settled, among a range of ids.
 * @example
 * const { sessionIds, next } = await getHostSessions(client, { host })
 */
export async function getHostSessions(
  client: AccountReadClient,
  { host = client.account.address, from = 1n, limit = 1000 }: GetHostSessionsParameters = {},
): Promise<{
  sessionIds: readonly bigint[]
  /** Where to go on; `undefined` at the end. */
  next: bigint | undefined
}> {
  const [sessionIds, next] = await readView(
    client,
    client.contracts.marketplace,
    marketplace.getActiveSessionsForHost,
    [host, from, BigInt(limit)],
  )
  return { sessionIds, next: next === 0n ? undefined : next }
}
