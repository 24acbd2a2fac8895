import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { getTransactionInput } from '../chain/blocks.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Store } from '../store/store.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'

export type LookupDependencies = {
  chainId: number
  reader: Pick<ChainReader, 'request'>
  mempool: Pick<Mempool, 'get'>
  store: Pick<Store, 'findOperation' | 'findInclusion'>
  bundles: Pick<BundleRegistry, 'carrierOf'>
  findInclusionOnChain: (hash: Hex) => Promise<Inclusion | undefined>
  /** An operation in flight in a block that is not sealed yet; absent where there are none such. */
  findPreconfirmation?: (hash: Hex) => Promise<Inclusion | undefined>
}

/** Where an operation is on chain. Operations that this bundler knows are answered without the node. */
export async function findInclusion(
  deps: LookupDependencies,
  hash: Hex,
): Promise<Inclusion | undefined> {
  const known = await deps.store.findInclusion(hash)
  // Every inclusion of an operation that is known here has been recorded, whoever sent it.
  if (known || deps.mempool.get(hash) || (await deps.store.findOperation(hash))) return known
  return deps.findInclusionOnChain(hash)
}

/** The answer of `eth_getUserOperationReceipt`, marked while its block is not sealed. */
export async function findReceipt(
  deps: LookupDependencies,
  hash: Hex,
): Promise<Record<string, unknown> | undefined> {
  const inclusion = await findInclusion(deps, hash)
  if (inclusion) return inclusion.receipt
  const preconfirmed = await deps.findPreconfirmation?.(hash)
  return preconfirmed && { ...preconfirmed.receipt, preconfirmed: true }
}

export type FoundOperation = {
  op: UserOperation
  entryPoint: EntryPointAdapter
  /** `null` while it is pending. */
  transactionHash: Hex | null
  block: { number: number; hash: Hex } | null
}

/** An operation by hash, pending or on chain; not one that was dropped. */
export async function findUserOperation(
  deps: LookupDependencies,
  hash: Hex,
): Promise<FoundOperation | undefined> {
  const pending = deps.mempool.get(hash)
  if (pending) {
    return { op: pending.op, entryPoint: pending.entryPoint, transactionHash: null, block: null }
  }
  const inclusion = await findInclusion(deps, hash)
  if (!inclusion) return undefined
  const { transactionHash, block } = inclusion
  const stored = (await deps.store.findOperation(hash))?.operation
  if (stored) return { op: stored.op, entryPoint: stored.entryPoint, transactionHash, block }

  const entryPoint = getEntryPointAdapter(inclusion.receipt.entryPoint as Address)
  const input = await getTransactionInput(deps.reader, transactionHash)
  const decoded = input === undefined ? undefined : entryPoint?.decodeHandleOps(input)
  const op = decoded?.ops.find((candidate) => entryPoint?.hash(candidate, deps.chainId) === hash)
  return op && entryPoint ? { op, entryPoint, transactionHash, block } : undefined
}

export type FoundStatus = {
  status: 'not_found' | 'not_submitted' | 'submitted' | 'rejected' | 'included' | 'reverted'
  transactionHash: Hex | null
  /** Its transaction is in a block that is not sealed yet: for clients that know more words. */
  preconfirmed?: true
}

/** How far an operation has come, in the words of permissionless clients. */
export async function findStatus(deps: LookupDependencies, hash: Hex): Promise<FoundStatus> {
  const carrier = deps.bundles.carrierOf(hash)
  if (deps.mempool.get(hash)) {
    const transaction = carrier?.transactions.findLast(({ operations }) =>
      operations.includes(hash),
    )
    if (!transaction) return { status: 'not_submitted', transactionHash: null }
    const preconfirmed = await deps.findPreconfirmation?.(hash)
    return preconfirmed
      ? {
          status: 'submitted',
          transactionHash: preconfirmed.transactionHash,
          preconfirmed: true,
        }
      : { status: 'submitted', transactionHash: transaction.hash }
  }
  const inclusion = await findInclusion(deps, hash)
  if (inclusion) {
    const status = inclusion.success ? 'included' : 'reverted'
    return { status, transactionHash: inclusion.transactionHash }
  }
  const known = await deps.store.findOperation(hash)
  return { status: known ? 'rejected' : 'not_found', transactionHash: null }
}
