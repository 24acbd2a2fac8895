import type { Client, Hash } from 'viem'
import type { SmartAccount, UserOperationReceipt } from 'viem/account-abstraction'
import { request } from '../contracts/request.ts'
import { findRpcFailure } from '../errors/rpcError.ts'
import { UserOperationDroppedError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { findOnChain } from './findOnChain.ts'
import { findReceipt } from './findReceipt.ts'
import { isDropped } from './isDropped.ts'
import { hashesOf, type SignedOperation } from './sentOperations.ts'

/** How an operation ended: on chain, or dropped. */
export type Outcome = UserOperationReceipt | UserOperationDroppedError

/** A client that asks. Where it knows the chain, the chain is asked before an operation counts as dropped. */
export type AskClient = Client & { [name in 'sent' | 'client']?: WriteClient[name] | undefined }

/**
 * Asks once how an operation ended; `undefined` as long as it has not. One that was replaced by another with its calls
 * and its nonce ends as that one does, or the other way round: one of them is included.
 * @param withStatus Whether to ask, when there is no receipt, if the bundler still has it.
 */
export async function askOperation(
  client: AskClient,
  asked: Hash,
  withStatus: boolean,
): Promise<Outcome | undefined> {
  const operation = client.sent?.find(asked)
  const hashes = operation ? hashesOf(operation) : [asked]
  const [hash = asked] = hashes
  const receipt = await findReceipt(client, hashes)
  if (receipt || !withStatus) return receipt
  const status = await findStatus(client, hash)
  if (!status || !isDropped(status.status)) return undefined
  // It may have been included since, or by somebody else.
  const found = await findIncluded(client, hash, operation)
  if (typeof found === 'object') return found
  const { status: name } = status
  const reason = name === 'not_found' ? name : ((await explainDrop(client, hash)) ?? name)
  return new UserOperationDroppedError({ hash, reason, broadcast: status.transactionHash !== null })
}

type Status = { status: string; transactionHash: Hash | null }

/** `undefined` when the bundler does not offer the method. */
async function findStatus(client: Client, hash: Hash): Promise<Status | undefined> {
  try {
    return await request<Status>(client, 'pimlico_getUserOperationStatus', [hash])
  } catch (error) {
    if (findRpcFailure(error)?.code === methodNotFound) return undefined
    throw error
  }
}

async function findIncluded(
  { client, account }: AskClient,
  hash: Hash,
  operation: SignedOperation | undefined,
) {
  if (!client || !account || !('entryPoint' in account)) return undefined
  const { address: entryPoint } = (account as SmartAccount).entryPoint
  return findOnChain(client, { hash, entryPoint, operation })
}

/** The rule by which this project's bundler dropped an operation; others do not say. */
async function explainDrop(client: Client, hash: Hash): Promise<string | undefined> {
  const answer = await request(client, 'bundler_explainUserOperation', [hash]).catch(
    () => undefined,
  )
  const { rule } = Object(answer) as { rule?: unknown }
  return typeof rule === 'string' ? rule : undefined
}

const methodNotFound = -32601
