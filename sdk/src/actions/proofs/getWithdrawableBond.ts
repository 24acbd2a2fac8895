import type { Address } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

/**
 * FAB in wei that {@link withdrawBond} would pay an account.
 * @param account The client's own account by default.
 * @example
 * const amount = await getWithdrawableBond(client)
 */
export async function getWithdrawableBond(
  client: AccountReadClient,
  { account = client.account.address }: { account?: Address | undefined } = {},
): Promise<bigint> {
  return readView(client, client.contracts.proofSystem, proofSystem.withdrawableBond, [account])
}
