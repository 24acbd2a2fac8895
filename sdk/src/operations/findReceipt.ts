import type { Client, Hash } from 'viem'
import {
  formatUserOperationReceipt,
  type RpcUserOperationReceipt,
  type UserOperationReceipt,
} from 'viem/account-abstraction'
import { request } from '../contracts/request.ts'

/** Receipt of the first of these operations that has one; `undefined` when the bundler has none. */
export async function findReceipt(
  client: Client,
  hashes: readonly Hash[],
): Promise<UserOperationReceipt | undefined> {
  for (const hash of hashes) {
    const method = 'eth_getUserOperationReceipt'
    const receipt = await request<RpcUserOperationReceipt | null>(client, method, [hash])
    if (receipt) return formatUserOperationReceipt(receipt)
  }
  return undefined
}
