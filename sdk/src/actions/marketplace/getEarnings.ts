import type { Address } from 'viem'
import { namedTokens } from '../../contracts/tokens.ts'
import type { AccountReadClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'
import { withdrawable } from './withdrawable.ts'

export type GetEarningsParameters = {
  /** The client's own account by default. */
  account?: Address | undefined
  /** ETH, USDC and FAB by default. */
  tokens?: readonly Token[] | undefined
}

/**
 * What the marketplace owes an account in several tokens: earnings of a host, refunds and prepaid deposits of a renter.
 * @example
 * const [eth, usdc] = await getEarnings(client, { account: host })
 */
export async function getEarnings(
  client: AccountReadClient,
  { account = client.account.address, tokens = namedTokens }: GetEarningsParameters = {},
): Promise<TokenAmount[]> {
  return Promise.all(tokens.map((token) => withdrawable(client, { token, account })))
}
