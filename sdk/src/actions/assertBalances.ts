import { type Address, hexToBigInt, isAddressEqual, zeroAddress } from 'viem'
import { erc20Abi } from '../contracts/erc20.ts'
import { readContract } from '../contracts/readContract.ts'
import { knownDecimals, tokenName } from '../contracts/tokens.ts'
import { InsufficientBalanceError } from '../errors/amount.ts'
import type { PrepareClient, PreparedCalls } from './preparedCalls.ts'

/**
 * Refuses calls that the account cannot pay, before anything is signed.
 * @throws {InsufficientBalanceError} For the first token that falls short.
 */
export async function assertBalances(
  client: PrepareClient,
  prepared: readonly PreparedCalls[],
): Promise<void> {
  const required = new Map<Address, bigint>()
  for (const { token, amount } of prepared.flatMap(({ spends = [] }) => spends))
    required.set(token, (required.get(token) ?? 0n) + amount)

  await Promise.all(
    [...required].map(async ([token, amount]) => {
      const available = await balanceOf(client, token)
      if (available >= amount) return
      const name = tokenName(client.contracts, token)
      throw new InsufficientBalanceError({
        account: client.account.address,
        token: name,
        decimals: knownDecimals(name),
        required: amount,
        available,
      })
    }),
  )
}

async function balanceOf({ client, account: { address } }: PrepareClient, token: Address) {
  // viem's `getBalance` would bring all of its `call` along.
  if (isAddressEqual(token, zeroAddress))
    return hexToBigInt(
      await client.request({ method: 'eth_getBalance', params: [address, 'latest'] }),
    )
  return readContract(client, {
    abi: erc20Abi,
    address: token,
    functionName: 'balanceOf',
    args: [address],
  })
}
