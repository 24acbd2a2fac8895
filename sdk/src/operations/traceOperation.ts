import type { Hash } from 'viem'
import { request } from '../contracts/request.ts'
import type { WriteClient } from '../types/client.ts'
import { findOnChain } from './findOnChain.ts'
import { findReceipt } from './findReceipt.ts'
import { isRefusal } from './isRefusal.ts'
import { pause } from './pause.ts'
import { hashesOf, type SignedOperation } from './sentOperations.ts'
import { within } from './within.ts'

/**
 * Hash under which an operation is pending or on chain, which is that of an earlier one when that one was included.
 * `'replaced'`: none of these can be included, because another operation has used their nonce.
 */
export type Trace = Hash | 'replaced'

/** Asks bundler and chain for an operation; `undefined` when nobody knows it. */
export async function traceOperation(
  client: WriteClient,
  operation: SignedOperation,
): Promise<Trace | undefined> {
  const hashes = hashesOf(operation)
  const receipt = await findReceipt(client, hashes)
  if (receipt) return receipt.userOpHash
  for (const hash of hashes) if (await isPending(client, hash)) return hash
  const { hash } = operation
  const { address: entryPoint } = client.account.entryPoint
  const finding = findOnChain(client.client, { hash, entryPoint, operation })
  const found = await within(client.wait.timeout, finding)
  return typeof found === 'object' ? found.userOpHash : found
}

/**
 * By whom the nonce of an operation is used, when a bundler has said that it is. The chain may be behind the bundler.
 * @param deadline Milliseconds since 1970.
 * @returns `'replaced'` also when what used the nonce was no operation; `undefined` when the chain has it unused.
 * @throws What bundler or chain failed with, when they do not answer until then.
 */
export async function traceNonce(
  client: WriteClient,
  operation: SignedOperation,
  deadline: number,
): Promise<Trace | undefined> {
  for (;;) {
    const trace = await traceOperation(client, operation).catch((error: Error) => error)
    if (typeof trace === 'string') return trace
    if (await pause(client, deadline)) continue
    if (trace) throw trace
    if (!(await isNonceUsed(client, operation))) return undefined
    // By now its event is there, if there is one.
    return (await traceOperation(client, operation)) ?? 'replaced'
  }
}

async function isNonceUsed(
  { account, wait }: WriteClient,
  { request }: SignedOperation,
): Promise<boolean> {
  const nonce = BigInt(request.nonce)
  return (await within(wait.timeout, account.getNonce({ key: nonce >> 64n }))) > nonce
}

/** Whether the bundler has an operation that is on its way, or on chain. Not all of them tell before it is on chain. */
export async function isPending(client: WriteClient, hash: Hash): Promise<boolean> {
  try {
    return Boolean(await request(client, 'eth_getUserOperationByHash', [hash]))
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}
