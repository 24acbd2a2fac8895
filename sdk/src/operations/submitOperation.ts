import type { Hash } from 'viem'
import { findRpcFailure } from '../errors/rpcError.ts'
import { MalformedAnswerError } from '../errors/transport.ts'
import { UserOperationUnansweredError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { isRefusal } from './isRefusal.ts'
import { pause } from './pause.ts'
import type { SignedOperation } from './sentOperations.ts'
import { traceNonce, traceOperation } from './traceOperation.ts'

/**
 * Sends a signed operation, and the same one again as long as no answer comes. There is never a second one. What was
 * refused is forgotten when no bundler can have it, else lost: `dropped`.
 * @param wasSent Whether it was taken from `client.sent`: its taker gives it back.
 * @returns Hash under which its calls are pending or on chain: its own, or that of one that it takes the place of.
 * @throws {UserOperationUnansweredError} When the client's time is over and nobody knows whether it was taken.
 */
export async function submitOperation(
  client: WriteClient,
  operation: SignedOperation,
  wasSent = false,
): Promise<Hash> {
  const { hash, earlier } = operation
  const { sent } = client
  const deadline = Date.now() + client.wait.timeout
  // The refusal of the last of several servers hides that the answer of an earlier one was lost.
  const hasRivals = 'transports' in client.transport || earlier.length > 0
  if (!wasSent) await sent.add(operation)
  for (let again = wasSent; ; again = true) {
    const failure = await send(client, operation).catch((error: Error) => error)
    if (!failure) return hash
    const isRefused = isRefusal(failure)
    // An earlier try may have got through: then the operation is in the way of itself.
    const mayBeThere = again || hasRivals
    const asking =
      again && isRefused && isTaken(failure)
        ? traceNonce(client, operation, deadline)
        : mayBeThere && traceOperation(client, operation)
    const trace = asking && (await asking.catch((error: Error) => error))
    if (typeof trace === 'string' && trace !== 'replaced') return trace
    if (isRefused && !(trace instanceof Error)) {
      if (!mayBeThere || trace) await sent.forget(hash)
      else sent.lose(hash, 'dropped')
      throw failure
    }
    if (await pause(client, deadline)) continue
    sent.lose(hash, 'unanswered')
    const cause = trace instanceof Error ? trace : failure
    throw new UserOperationUnansweredError({ hash, cause })
  }
}

async function send(client: WriteClient, { hash, request }: SignedOperation): Promise<void> {
  const method = 'eth_sendUserOperation'
  const params = [request, client.account.entryPoint.address] as const
  const answer: unknown = await client.request({ method, params: [...params] }, { retryCount: 0 })
  if (answer !== hash) throw new MalformedAnswerError({ service: 'bundler', method, answer })
}

/**
 * The account exists (AA10) or the nonce is used (AA25): most likely by the operation itself, which nobody finds yet.
 */
export const isTaken = (refusal: unknown): boolean => /\bAA(10|25)\b/.test(wordsOf(refusal))

/** The account exists, and the operation deploys it. */
export const isDeployed = (refusal: unknown): boolean => /\bAA10\b/.test(wordsOf(refusal))

const wordsOf = (refusal: unknown) => findRpcFailure(refusal)?.message ?? ''
