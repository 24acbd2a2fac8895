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
import { findOnChain } from './findOnChain.ts'
import type { SignedOperation } from './sentOperations.ts'
import { signOperation } from './signOperation.ts'
import { isTaken, submitOperation } from './submitOperation.ts'
import { waitForOperation } from './waitForOperation.ts'

/**
 * Prepares, sponsors, signs and sends one User Operation with these calls. When an earlier one with the same calls
 * got no answer, that one is sent again instead.
 * @param spareGas Gas that the calls may take beyond an estimate.
 * @returns Its hash, when the bundler has accepted it.
 * @throws {FabstirError} The typed error of whoever refused it: account, paymaster, EntryPoint or contract.
 * @throws {UserOperationTimeoutError} When the operation before it in its nonce lane is still pending; with its hash.
 * @throws {NonceLaneBusyError} When those before it have not even been sent in time.
 */
export async function sendOperation(
  client: WriteClient,
  calls: readonly AccountCall[],
  spareGas = 0n,
): Promise<Hash> {
  try {
    const lost = await client.sent.take(await client.account.encodeCalls(calls))
    const sent = lost && (await sendAgain(client, lost, { calls, spareGas }))
    return sent ?? (await sendNew(client, { calls, spareGas }))
  } catch (error) {
    throw await explainFailure(error, client)
  }
}

type Wanted = { calls: readonly AccountCall[]; spareGas: bigint; nonce?: bigint | undefined }

/** `undefined` when what was lost can never be included, because another operation has its nonce. */
async function sendAgain(
  client: WriteClient,
  lost: SignedOperation,
  wanted: Wanted,
): Promise<Hash | undefined> {
  const { hash } = lost
  const refusal = await submitOperation(client, lost, { sentBefore: true }).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!refusal) return hash
  if (refusal instanceof UserOperationUnansweredError) throw refusal
  client.lanes.release(hash)
  const sent = isTaken(refusal) ? undefined : await replace(client, lost, wanted)
  await client.sent.forget(hash)
  return sent
}

/**
 * What was lost is refused now, but may still be included by a bundler that took it: of two with its nonce only one
 * can be.
 */
async function replace(
  client: WriteClient,
  { hash, request, fromBlock }: SignedOperation,
  wanted: Wanted,
): Promise<Hash | undefined> {
  try {
    return await sendNew(client, { ...wanted, nonce: BigInt(request.nonce) })
  } catch (error) {
    client.sent.lose(hash)
    if (!isTaken(error)) throw error
    const { address: entryPoint } = client.account.entryPoint
    return (await findOnChain(client.client, { hash, entryPoint, fromBlock })) && hash
  }
}

function sendNew(client: WriteClient, { calls, spareGas, nonce }: Wanted): Promise<Hash> {
  const send = async (lane: number) =>
    submitOperation(client, await signOperation(client, calls, { lane, spareGas, nonce }))
  return client.lanes.run(
    (lane) => send(lane).catch((error) => retryDeployed(client, error, () => send(lane))),
    (hash) => hasLeftMempool(client, hash),
    client.wait.timeout,
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
