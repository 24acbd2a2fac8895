import type { Address } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { tokenName } from '../../contracts/tokens.ts'
import type { AccountReadClient } from '../../types/client.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { readView } from '../readView.ts'

/**
 * What an account could claim now, in every reward token.
 * @param account The client's own account by default.
 * @example
 * const rewards = await getRewards(client)
 */
export async function getRewards(
  client: AccountReadClient,
  { account = client.account.address }: { account?: Address | undefined } = {},
): Promise<TokenAmount[]> {
  const { contracts } = client
  const tokens = await readView(client, contracts.stakersPool, stakersPool.rewardTokens, [])
  return Promise.all(
    tokens.map(async (token) => ({
      token: tokenName(contracts, token),
      value: await readView(client, contracts.stakersPool, stakersPool.earned, [account, token]),
    })),
  )
}
