import { getUserOperationStatus } from 'permissionless/actions/pimlico'
import type { Client, Hash } from 'viem'
import type { UserOperationReceipt } from 'viem/account-abstraction'
import { findRpcFailure } from '../errors/rpcError.ts'
import { UserOperationDroppedError } from '../errors/userOperation.ts'
import { findReceipt } from './findReceipt.ts'

/** How an operation ended: on chain, or dropped. */
export type Outcome = UserOperationReceipt | UserOperationDroppedError

/** What the bundler says of an operation that it will not include any more. */
const droppedStatuses: ReadonlySet<string> = new Set(['not_found', 'rejected', 'failed'])

/**
 * Asks once how an operation ended; `undefined` as long as it has not.
 * @param withStatus Whether to ask, when there is no receipt, if the bundler still has it.
 */
export async function askOperation(
  client: Client,
  hash: Hash,
  withStatus: boolean,
): Promise<Outcome | undefined> {
  const receipt = await findReceipt(client, hash)
  if (receipt || !withStatus) return receipt
  const status = await findStatus(client, hash)
  if (!status || !droppedStatuses.has(status.status)) return undefined
  // It may have been included between the two answers.
  return (
    (await findReceipt(client, hash)) ??
    new UserOperationDroppedError({
      hash,
      reason: status.status,
      broadcast: status.transactionHash !== null,
    })
  )
}

/** `undefined` when the bundler does not offer the method. */
async function findStatus(client: Client, hash: Hash) {
  try {
    return await getUserOperationStatus(client as Parameters<typeof getUserOperationStatus>[0], {
      hash,
    })
  } catch (error) {
    if (findRpcFailure(error)?.code === methodNotFound) return undefined
    throw error
  }
}

const methodNotFound = -32601
