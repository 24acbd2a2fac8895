import type { Address, Client } from 'viem'
import { readContract } from '../../contracts/readContract.ts'
import type { entryPoints } from './entryPoints.ts'

/** Next nonce of an account under a 192-bit key, as its EntryPoint has it. */
export function readNonce(
  client: Client,
  { abi, address }: (typeof entryPoints)[keyof typeof entryPoints],
  { account, key }: { account: Address; key: bigint },
): Promise<bigint> {
  return readContract(client, { abi, address, functionName: 'getNonce', args: [account, key] })
}
