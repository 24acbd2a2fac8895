import type { Hash } from 'viem'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import { explainFailure } from '../errors/explainFailure.ts'
import { toFabstirError } from '../errors/toFabstirError.ts'
import {
  EntryPointRefusedError,
  UserOperationDroppedError,
  UserOperationUnansweredError,
} from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { signOperation } from './signOperation.ts'
import { submitOperation } from './submitOperation.ts'
import { waitForOperation } from './waitForOperation.ts'

/**
 * Prepares, sponsors, signs and sends one User Operation with these calls. When an earlier one with the same calls
 * got no answer, that one is sent again instead.
 * @param spareGas Gas that the calls may take beyond an estimate.
 * @returns Its hash, when the bundler has accepted it.
 * @throws {FabstirError} The typed error of whoever refused it: account, paymaster, EntryPoint or contract.
 * @throws {UserOperationTimeoutError} When the operation before it in its nonce lane is still pending; with its hash.
 */
export async function sendOperation(
  client: WriteClient,
  calls: readonly AccountCall[],
  spareGas = 0n,
): Promise<Hash> {
  try {
    return (await sendAgain(client, calls)) ?? (await sendNew(client, calls, spareGas))
  } catch (error) {
    throw await explainFailure(error, client)
  }
}

/** `undefined` when nothing with these calls waits for an answer, or what waited is refused now. */
async function sendAgain(
  client: WriteClient,
  calls: readonly AccountCall[],
): Promise<Hash | undefined> {
  const unanswered = client.unanswered.take(await client.account.encodeCalls(calls))
  if (!unanswered) return undefined
  try {
    return await submitOperation(client, unanswered, { sentBefore: true })
  } catch (error) {
    if (error instanceof UserOperationUnansweredError) throw error
    client.lanes.release(unanswered.hash)
    return undefined
  }
}

function sendNew(
  client: WriteClient,
  calls: readonly AccountCall[],
  spareGas: bigint,
): Promise<Hash> {
  const send = async (lane: number) =>
    submitOperation(client, await signOperation(client, calls, { lane, spareGas }))
  return client.lanes.run(
    (lane) => send(lane).catch((error) => retryDeployed(client, error, () => send(lane))),
    (hash) => hasLeftMempool(client, hash),
  )
}

/** Somebody deployed the account after the operation was prepared (AA10, EntryPoint 0.8): once more without it. */
async function retryDeployed(client: WriteClient, error: unknown, send: () => Promise<Hash>) {
  const typed = toFabstirError(error, client)
  if (typed instanceof EntryPointRefusedError && typed.aaCode === 'AA10') return send()
  throw error
}

/** How an operation ended is its own caller's business; that it has not ended is the next one's too. */
async function hasLeftMempool(client: WriteClient, hash: Hash): Promise<void> {
  try {
    await waitForOperation(client, { hash })
  } catch (error) {
    if (!(error instanceof UserOperationDroppedError)) throw error
  }
}
