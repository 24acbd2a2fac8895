import { type Address, isAddressEqual, zeroAddress } from 'viem'
import * as fabToken from '../../contracts/generated/fabToken.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

/**
 * Who votes with the FAB that an account holds; `undefined` when nobody does.
 * @param account The client's own account by default.
 * @example
 * const delegate = await getDelegate(client)
 */
export async function getDelegate(
  client: AccountReadClient,
  { account = client.account.address }: { account?: Address | undefined } = {},
): Promise<Address | undefined> {
  const delegate = await readView(client, client.contracts.fab, fabToken.delegates, [account])
  return isAddressEqual(delegate, zeroAddress) ? undefined : delegate
}
