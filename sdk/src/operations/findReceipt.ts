import type { Client, Hash } from 'viem'
import { getUserOperationReceipt, type UserOperationReceipt } from 'viem/account-abstraction'

/** Receipt of an operation; `undefined` when the bundler has none. */
export async function findReceipt(
  client: Client,
  hash: Hash,
): Promise<UserOperationReceipt | undefined> {
  try {
    return await getUserOperationReceipt(client, { hash })
  } catch (error) {
    if (error instanceof Error && error.name === 'UserOperationReceiptNotFoundError')
      return undefined
    throw error
  }
}
