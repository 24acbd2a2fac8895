import type { Hash } from 'viem'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import { explainFailure } from '../errors/explainFailure.ts'
import { UserOperationDroppedError, UserOperationUnansweredError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import type { LostOperation, LostState, SignedOperation } from './sentOperations.ts'
import { signOperation } from './signOperation.ts'
import { isDeployed, isTaken, submitOperation } from './submitOperation.ts'
import { isPending, traceNonce } from './traceOperation.ts'
import { waitForOperation } from './waitForOperation.ts'

/**
 * Prepares, sponsors, signs and sends one User Operation with these calls. When an earlier one with the same calls
 * was lost, that one is sent again instead, or one with its nonce: of these only one can be included (decision 105).
 * @param spareGas Gas that the calls may take beyond an estimate.
 * @returns Its hash, when the bundler has accepted it.
 * @throws {FabstirError} The typed error of whoever refused it: account, paymaster, EntryPoint or contract.
 * @throws {NonceLaneBusyError} When those before it in its nonce lane have not been sent, or have not ended, in time.
 */
export async function sendOperation(
  client: WriteClient,
  calls: readonly AccountCall[],
  spareGas = 0n,
): Promise<Hash> {
  try {
    const callData = await client.account.encodeCalls(calls)
    for (;;) {
      const lost = await client.sent.take(callData)
      const hash = await sendOnce(client, { calls, spareGas }, lost)
      if (hash) return hash
    }
  } catch (error) {
    throw await explainFailure(error, client)
  }
}

type Wanted = { calls: readonly AccountCall[]; spareGas: bigint }

/** `undefined` when what was lost can never be included, because another operation has its nonce. */
async function sendOnce(
  client: WriteClient,
  wanted: Wanted,
  lost: LostOperation | undefined,
): Promise<Hash | undefined> {
  let state: LostState | 'sent' = lost?.state ?? 'sent'
  try {
    const hash = await client.lanes.run({
      send: (lane) =>
        lost ? sendAgain(client, wanted, lost) : sendNew(client, { ...wanted, lane }),
      settled: (hash) => hasLeftMempool(client, hash),
      timeout: client.wait.timeout,
      lost: lost?.operation,
    })
    state = 'sent'
    return hash
  } catch (error) {
    if (error instanceof UserOperationUnansweredError) state = 'unanswered'
    throw error
  } finally {
    if (lost) client.sent.giveBack(lost.operation.hash, state)
  }
}

async function sendAgain(
  client: WriteClient,
  wanted: Wanted,
  { operation, state }: LostOperation,
): Promise<Hash | undefined> {
  const { hash, lane } = operation
  const deadline = Date.now() + client.wait.timeout
  if (state === 'unanswered') {
    const sent = await submitOperation(client, operation, true).catch((error: unknown) => {
      if (error instanceof UserOperationUnansweredError) throw error
      return undefined
    })
    if (sent) return sent
  }
  try {
    return await sendNew(client, { ...wanted, lane, replaces: operation })
  } catch (error) {
    if (!isTaken(error)) throw error
    const latest = client.sent.find(hash) ?? operation
    const trace = await traceNonce(client, latest, deadline).catch((cause: Error) => {
      throw new UserOperationUnansweredError({ hash: latest.hash, cause })
    })
    if (!trace) throw error
    if (trace !== 'replaced') return trace
    await client.sent.forget(hash)
    return undefined
  }
}

type NewOperation = Wanted & { lane: number; replaces?: SignedOperation | undefined }

async function sendNew(client: WriteClient, wanted: NewOperation, isSecond = false): Promise<Hash> {
  const { calls, ...options } = wanted
  let signed: SignedOperation | undefined
  try {
    signed = await signOperation(client, calls, options)
    return await submitOperation(client, signed)
  } catch (error) {
    // Somebody deployed the account after the operation was prepared (AA10, EntryPoint 0.8): once more without it.
    if (isSecond || !isDeployed(error)) throw error
    // Of several bundlers, another one may have what this one refused: then it is replaced.
    const isOpen = signed && client.sent.isOpen(signed.hash)
    return sendNew(client, isOpen ? { ...wanted, replaces: signed } : wanted, true)
  }
}

/** How an operation ended is its own caller's business; that it has not ended is the next one's too. */
async function hasLeftMempool(client: WriteClient, hash: Hash): Promise<void> {
  try {
    await waitForOperation(client, { hash })
  } catch (error) {
    if (error instanceof UserOperationDroppedError) return
    // Bundlers that tell no status never say that they dropped it.
    if (await isPending(client, hash).catch(() => true)) throw error
  }
}
