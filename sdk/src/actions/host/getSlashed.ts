import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

/**
 * FAB in wei that {@link claimSlashed} would pay an account.
 * @param account The client's own account by default.
 * @example
 * const amount = await getSlashed(client)
 */
export async function getSlashed(
  client: AccountReadClient,
  { account = client.account.address }: { account?: Address | undefined } = {},
): Promise<bigint> {
  return readView(client, client.contracts.registry, registry.slashedUnclaimed, [account])
}
