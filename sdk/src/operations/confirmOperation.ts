import type { Hash, Hex } from 'viem'
import type { UserOperationReceipt } from 'viem/account-abstraction'
import { decodeRevert } from '../errors/decodeRevert.ts'
import { UserOperationRevertedError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { findRevertReason } from './revertReason.ts'
import { waitForOperation } from './waitForOperation.ts'

/**
 * Waits until an operation is on chain and its calls have succeeded.
 * @returns Its receipt, with its logs and nobody else's, also when the bundle carried other operations. The receipt
 * names the operation that was included, which may be another one with the same calls and nonce.
 * @throws {UserOperationRevertedError} With the decoded reason, when its calls reverted.
 * @throws {UserOperationDroppedError | UserOperationTimeoutError} As {@link waitForOperation}.
 */
export async function confirmOperation(
  client: WriteClient,
  hash: Hash,
): Promise<UserOperationReceipt> {
  const receipt = await waitForOperation(client, { hash })
  if (receipt.success) return receipt
  const revertData = findRevertData(receipt)
  throw new UserOperationRevertedError({
    hash: receipt.userOpHash,
    reason: decodeRevert(revertData, client),
    revertData,
  })
}

/** The bundler's `reason`, where it gives the bytes, else what the EntryPoint logged. */
function findRevertData({
  userOpHash,
  reason,
  logs,
  receipt,
}: UserOperationReceipt): Hex | undefined {
  if (reason && /^0x([0-9a-f]{2})+$/i.test(reason)) return reason as Hex
  return findRevertReason([...logs, ...receipt.logs], { userOpHash })
}
