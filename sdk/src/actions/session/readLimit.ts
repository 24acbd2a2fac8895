import type { Address, Client } from 'viem'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { readContract } from '../../contracts/readContract.ts'
import type { Token } from '../../units/amounts.ts'

/** What a key may spend of a token, in its smallest unit. */
export type SessionKeyLimit = {
  token: Token
  /** What it was granted; `undefined` when the grant cannot be found. */
  total: bigint | undefined
  /** What is left of it. */
  left: bigint
  /** Most that one call may move. */
  perCall: bigint
}

/** What a key of a deployed account may still spend of a token. */
export async function readLimit(
  client: Client,
  { account, key, token }: { account: Address; key: Address; token: Address },
): Promise<Pick<SessionKeyLimit, 'left' | 'perCall'>> {
  const [left, perCall] = await readContract(client, {
    abi: fabstirAccountAbi,
    address: account,
    functionName: 'getSessionLimit',
    args: [key, token],
  })
  return { left, perCall }
}
