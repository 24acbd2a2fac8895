import type { Address } from 'viem'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { AccountReadClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'
import { readView } from '../readView.ts'

/**
 * What subscriptions owe an account in a token.
 * @param account The client's own account by default.
 * @example
 * const { value } = await withdrawableSubscriptions(client, { token: 'usdc' })
 */
export async function withdrawableSubscriptions<token extends Token>(
  client: AccountReadClient,
  { token, account = client.account.address }: { token: token; account?: Address | undefined },
): Promise<TokenAmount<token>> {
  const { contracts } = client
  const value = await readView(client, contracts.subscriptions, subscriptions.withdrawable, [
    account,
    tokenAddress(contracts, token),
  ])
  return { token, value }
}
