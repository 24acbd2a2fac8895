import type { Hash } from 'viem'
import { getUserOperation } from 'viem/account-abstraction'
import { findRpcFailure, isUnanswered } from '../errors/rpcError.ts'
import { MalformedAnswerError } from '../errors/transport.ts'
import { UserOperationUnansweredError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { findOnChain } from './findOnChain.ts'
import { findReceipt } from './findReceipt.ts'
import type { SignedOperation } from './sentOperations.ts'
import { sleep } from './sleep.ts'

/**
 * Sends a signed operation, and the same one again as long as no answer comes. There is never a second one.
 * @param sentBefore It may have reached a bundler already, and a refusal does not say that it is not there any more:
 * the caller decides whether it is forgotten.
 * @throws {UserOperationUnansweredError} When the client's time is over and nobody knows whether it was taken.
 */
export async function submitOperation(
  client: WriteClient,
  operation: SignedOperation,
  { sentBefore = false }: { sentBefore?: boolean | undefined } = {},
): Promise<Hash> {
  const { hash } = operation
  const deadline = Date.now() + client.wait.timeout
  // The refusal of the last of several servers hides that the answer of an earlier one was lost.
  const isOneOfSeveral = 'transports' in client.transport
  if (!sentBefore) await client.sent.add(operation)
  for (let again = sentBefore; ; again = true) {
    const failure = await trySend(client, operation, again || isOneOfSeveral)
    if (!failure) return hash
    const { error, isRefusal } = failure
    const left = deadline - Date.now()
    if (isRefusal && (left <= 0 || !again || !isTaken(error))) {
      if (isOneOfSeveral && !again) client.sent.lose(hash)
      else if (!sentBefore) await client.sent.forget(hash)
      throw error
    }
    if (left <= 0) {
      client.sent.lose(hash)
      throw new UserOperationUnansweredError({ hash, cause: error })
    }
    await sleep(Math.min(client.wait.pollingInterval, left))
  }
}

type Failure = {
  error: Error
  /** Otherwise nobody knows whether the bundler has it. */
  isRefusal: boolean
}

/** `undefined` when the bundler has the operation. */
async function trySend(
  client: WriteClient,
  operation: SignedOperation,
  again: boolean,
): Promise<Failure | undefined> {
  try {
    await send(client, operation)
    return undefined
  } catch (error) {
    const failure = { error: error as Error, isRefusal: !isUnanswered(error) }
    if (!again) return failure
    // An earlier try may have got through: then the operation is in the way of itself.
    return isKnown(client, operation).then(
      (known) => (known ? undefined : failure),
      (unanswered: Error) => ({ error: unanswered, isRefusal: false }),
    )
  }
}

async function send(client: WriteClient, { hash, request }: SignedOperation): Promise<void> {
  const method = 'eth_sendUserOperation'
  const params = [request, client.account.entryPoint.address] as const
  const answer: unknown = await client.request({ method, params: [...params] }, { retryCount: 0 })
  if (answer !== hash) throw new MalformedAnswerError({ service: 'bundler', method, answer })
}

/** Whether the operation is on chain, or pending at the bundler. */
async function isKnown(client: WriteClient, operation: SignedOperation): Promise<boolean> {
  const { hash, fromBlock } = operation
  if (await findReceipt(client, hash)) return true
  try {
    await getUserOperation(client, { hash })
    return true
  } catch (error) {
    if (isUnanswered(error)) throw error
  }
  const { address: entryPoint } = client.account.entryPoint
  return (await findOnChain(client.client, { hash, entryPoint, fromBlock })) !== undefined
}

/**
 * The account exists (AA10) or the nonce is used (AA25): most likely by the operation itself, which nobody finds yet.
 */
export function isTaken(refusal: unknown): boolean {
  return /AA10|AA25/.test(findRpcFailure(refusal)?.message ?? '')
}
