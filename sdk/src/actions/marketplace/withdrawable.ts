import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import { tokenAddress } from '../../contracts/tokens.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { ReadClient, WriteClient } from '../../types/client.ts'
import type { Token, TokenAmount } from '../../units/amounts.ts'

/**
 * What the marketplace owes an account in a token.
 * @param account The client's own account by default.
 * @example
 * const { value } = await withdrawable(client, { token: 'usdc' })
 */
export async function withdrawable<token extends Token>(
  client: ReadClient & Pick<WriteClient, 'account'>,
  { token, account = client.account.address }: { token: token; account?: Address | undefined },
): Promise<TokenAmount<token>> {
  const value = await withTypedErrors(client, () =>
    readContract(client.client, {
      abi: jobMarketplaceAbi,
      address: client.contracts.marketplace,
      functionName: 'withdrawable',
      args: [account, tokenAddress(client.contracts, token)],
    }),
  )
  return { token, value }
}
