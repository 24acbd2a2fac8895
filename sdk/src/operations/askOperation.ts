import { getUserOperationStatus } from 'permissionless/actions/pimlico'
import type { Client, Hash } from 'viem'
import type { SmartAccount, UserOperationReceipt } from 'viem/account-abstraction'
import { findRpcFailure } from '../errors/rpcError.ts'
import { UserOperationDroppedError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { findOnChain } from './findOnChain.ts'
import { findReceipt } from './findReceipt.ts'

/** How an operation ended: on chain, or dropped. */
export type Outcome = UserOperationReceipt | UserOperationDroppedError

/** A client that asks. Where it knows the chain, the chain is asked before an operation counts as dropped. */
export type AskClient = Client & { [name in 'sent' | 'client']?: WriteClient[name] | undefined }

/** What the bundler says of an operation that it will not include any more. */
const droppedStatuses: ReadonlySet<string> = new Set(['not_found', 'rejected', 'failed'])

/**
 * Asks once how an operation ended; `undefined` as long as it has not.
 * @param withStatus Whether to ask, when there is no receipt, if the bundler still has it.
 */
export async function askOperation(
  client: AskClient,
  hash: Hash,
  withStatus: boolean,
): Promise<Outcome | undefined> {
  const receipt = await findReceipt(client, hash)
  if (receipt || !withStatus) return receipt
  const status = await findStatus(client, hash)
  if (!status || !droppedStatuses.has(status.status)) return undefined
  // It may have been included between the two answers, or by somebody else.
  return (
    (await findReceipt(client, hash)) ??
    (await findIncluded(client, hash)) ??
    new UserOperationDroppedError({
      hash,
      reason:
        status.status === 'not_found'
          ? status.status
          : ((await explainDrop(client, hash)) ?? status.status),
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

async function findIncluded({ client, account, sent }: AskClient, hash: Hash) {
  if (!client || !account || !('entryPoint' in account)) return undefined
  const { address: entryPoint } = (account as SmartAccount).entryPoint
  return findOnChain(client, { hash, entryPoint, fromBlock: sent?.find(hash)?.fromBlock })
}

/** The rule by which this project's bundler dropped an operation; others do not say. */
async function explainDrop(client: Client, hash: Hash): Promise<string | undefined> {
  const method = 'bundler_explainUserOperation'
  const answer: unknown = await client
    .request({ method, params: [hash] } as never, { retryCount: 0 })
    .catch(() => undefined)
  const { rule } = Object(answer) as { rule?: unknown }
  return typeof rule === 'string' ? rule : undefined
}

const methodNotFound = -32601
