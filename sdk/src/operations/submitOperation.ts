import type { Hash } from 'viem'
import { getUserOperation } from 'viem/account-abstraction'
import { findRpcFailure, isUnanswered } from '../errors/rpcError.ts'
import { MalformedAnswerError } from '../errors/transport.ts'
import { UserOperationUnansweredError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { findReceipt } from './findReceipt.ts'
import { sleep } from './sleep.ts'
import type { SignedOperation } from './unansweredOperations.ts'

/**
 * Sends a signed operation, and the same one again as long as no answer comes. There is never a second one.
 * @param sentBefore It may have reached the bundler already.
 * @throws {UserOperationUnansweredError} When the client's time is over and nobody knows whether it was taken.
 */
export async function submitOperation(
  client: WriteClient,
  operation: SignedOperation,
  { sentBefore = false }: { sentBefore?: boolean | undefined } = {},
): Promise<Hash> {
  const { hash } = operation
  const deadline = Date.now() + client.wait.timeout
  for (let again = sentBefore; ; again = true) {
    const failure = await trySend(client, operation, again)
    if (!failure) return hash
    if (!isUnanswered(failure) && !(again && isTaken(failure))) throw failure
    const left = deadline - Date.now()
    if (left <= 0) {
      client.unanswered.keep(operation)
      throw new UserOperationUnansweredError({ hash, cause: failure })
    }
    await sleep(Math.min(client.wait.pollingInterval, left))
  }
}

/** `undefined` when the bundler has the operation. */
async function trySend(
  client: WriteClient,
  operation: SignedOperation,
  again: boolean,
): Promise<Error | undefined> {
  try {
    await send(client, operation)
    return undefined
  } catch (failure) {
    if (!again) return failure as Error
    // An earlier try may have got through: then the operation is in the way of itself.
    return isKnown(client, operation.hash).then(
      (known) => (known ? undefined : (failure as Error)),
      (unanswered: Error) => unanswered,
    )
  }
}

async function send(client: WriteClient, { hash, request }: SignedOperation): Promise<void> {
  const method = 'eth_sendUserOperation'
  const params = [request, client.account.entryPoint.address] as const
  const answer = await client.request({ method, params: [...params] }, { retryCount: 0 })
  if (answer !== hash) throw new MalformedAnswerError({ service: 'bundler', method })
}

/** Whether the bundler has the operation, on chain or pending. */
async function isKnown(client: WriteClient, hash: Hash): Promise<boolean> {
  if (await findReceipt(client, hash)) return true
  try {
    await getUserOperation(client, { hash })
    return true
  } catch (error) {
    if (isUnanswered(error)) throw error
    return false
  }
}

/**
 * The account exists (AA10) or the nonce is used (AA25): most likely by the operation itself, which the bundler does
 * not find yet.
 */
function isTaken(refusal: Error): boolean {
  return /AA10|AA25/.test(findRpcFailure(refusal)?.message ?? '')
}
