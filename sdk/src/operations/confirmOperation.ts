import { type Hash, type Hex, type Log, parseEventLogs } from 'viem'
import type { UserOperationReceipt } from 'viem/account-abstraction'
import { parseAbi } from '../contracts/parseAbi.ts'
import { decodeRevert } from '../errors/decodeRevert.ts'
import { UserOperationRevertedError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { waitForOperation } from './waitForOperation.ts'

const revertReasonAbi = parseAbi([
  'event UserOperationRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason)',
])

/**
 * Waits until an operation is on chain and its calls have succeeded.
 * @returns Its logs and nobody else's, also when the bundle carried other operations.
 * @throws {UserOperationRevertedError} With the decoded reason, when its calls reverted.
 * @throws {UserOperationDroppedError | UserOperationTimeoutError} As {@link waitForOperation}.
 */
export async function confirmOperation(client: WriteClient, hash: Hash): Promise<readonly Log[]> {
  const receipt = await waitForOperation(client, { hash })
  if (receipt.success) return receipt.logs
  const revertData = findRevertData(receipt)
  throw new UserOperationRevertedError({
    hash,
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
  const events = parseEventLogs({ abi: revertReasonAbi, logs: [...logs, ...receipt.logs] })
  return events.find(({ args }) => args.userOpHash === userOpHash)?.args.revertReason
}
