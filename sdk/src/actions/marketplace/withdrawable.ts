import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { AccountReadClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'
import { readView } from '../readView.ts'

/**
 * What the marketplace owes an account in a token.
 * @param account The client's own account by default.
 * @example
 * const { value } = await withdrawable(client, { token: 'usdc' })
 */
export async function withdrawable<token extends Token>(
  client: AccountReadClient,
  { token, account = client.account.address }: { token: token; account?: Address | undefined },
): Promise<TokenAmount<token>> {
  const value = await readView(client, client.contracts.marketplace, marketplace.withdrawable, [
    account,
    tokenAddress(client.contracts, token),
  ])
  return { token, value }
}
