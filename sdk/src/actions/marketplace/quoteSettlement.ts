import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import type { SessionSettledEvent } from './sessionSettled.ts'

/**
 * What settling a session now would pay.
 * @example
 * const { host, renter } = await quoteSettlement(client, { sessionId })
 */
export async function quoteSettlement(
  client: ReadClient,
  { sessionId }: { sessionId: bigint },
): Promise<SessionSettledEvent> {
  const [host, renter, protocol, stakers] = await readView(
    client,
    client.contracts.marketplace,
    marketplace.quoteSettlement,
    [sessionId],
  )
  return { sessionId, host, renter, protocol, stakers }
}
