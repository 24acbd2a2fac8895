import type { Address } from 'viem'
import * as revenueSplitter from '../../contracts/generated/revenueSplitter.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { AccountReadClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'
import { readView } from '../readView.ts'

/**
 * An account's part of revenue that was split and not paid out yet, in a token.
 * @param account The client's own account by default.
 * @example
 * const { value } = await withdrawableRevenue(client, { token: 'usdc' })
 */
export async function withdrawableRevenue<token extends Token>(
  client: AccountReadClient,
  { token, account = client.account.address }: { token: token; account?: Address | undefined },
): Promise<TokenAmount<token>> {
  const { contracts } = client
  const args = [account, tokenAddress(contracts, token)] as const
  const view = revenueSplitter.withdrawable
  return { token, value: await readView(client, contracts.revenueSplitter, view, args) }
}
