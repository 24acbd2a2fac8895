import type { Hash, TransactionReceipt } from 'viem'
import type { WriteClient } from '../types/client.ts'
import { confirmOperation } from './confirmOperation.ts'
import { waitForOperation } from './waitForOperation.ts'

/**
 * Receipt of the transaction that included an operation whose calls have succeeded. It may hold other operations too.
 * @throws {UserOperationRevertedError} With the decoded reason, when its calls reverted.
 * @throws {UserOperationDroppedError | UserOperationTimeoutError} As {@link waitForOperation}.
 */
export async function waitForTransaction(
  client: WriteClient,
  hash: Hash,
): Promise<TransactionReceipt> {
  const { success, receipt } = await waitForOperation(client, { hash })
  if (!success) await confirmOperation(client, hash)
  return receipt
}
