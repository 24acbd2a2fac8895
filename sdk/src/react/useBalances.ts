import type { UseQueryResult } from '@tanstack/react-query'
import type { Address } from 'viem'
import { getBalance } from 'viem/actions'
import type { FabstirClient } from '../clients/createFabstirClient.ts'
import { erc20Abi } from '../contracts/erc20.ts'
import { readContract } from '../contracts/readContract.ts'
import { tokenAddress } from '../contracts/tokens.ts'
import { withTypedErrors } from '../errors/explainFailure.ts'
import { useView, type ViewOptions } from './useView.ts'

/** In the smallest unit of each token. */
export type Balances = { eth: bigint; fab: bigint; usdc: bigint }

/**
 * What an account holds: ETH, FAB and USDC.
 * @param account The connected one by default.
 * @example
 * const { data } = useBalances({}, { refetchInterval: 5_000 })
 */
export function useBalances(
  { account }: { account?: Address | undefined } = {},
  options?: ViewOptions<Balances>,
): UseQueryResult<Balances, Error> {
  return useView(readBalances, { account }, options)
}

async function readBalances(
  client: FabstirClient,
  { account = client.account.address }: { account?: Address | undefined },
): Promise<Balances> {
  const ofToken = (token: 'fab' | 'usdc') =>
    readContract(client.client, {
      abi: erc20Abi,
      address: tokenAddress(client.contracts, token),
      functionName: 'balanceOf',
      args: [account],
    })
  return withTypedErrors(client, async () => {
    const [eth, fab, usdc] = await Promise.all([
      getBalance(client.client, { address: account }),
      ofToken('fab'),
      ofToken('usdc'),
    ])
    return { eth, fab, usdc }
  })
}
