import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { mempoolFull } from '../mempool/admission.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { effectOnAll } from '../reputation/blame.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { Store, StoreChange } from '../store/store.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { operationEntities } from './operationEntities.ts'
import { operationHash } from './operationHash.ts'

export type InjectDependencies = {
  chainId: number
  mempool: Mempool
  reputation: Pick<ReputationTracker, 'apply'>
  store: Pick<Store, 'commit'>
  /** Operations in the pool. */
  maxOperations: number
  /** Unix milliseconds. */
  now: () => number
}

/**
 * Puts operations into the pool as if they had been found valid: all of them or none. One with the
 * nonce of a pooled one takes its place, whatever it pays.
 * @throws RpcError -32602 when one would replace an operation on its way, -32504 when there is no room.
 */
export async function injectOperations(
  deps: InjectDependencies,
  ops: readonly UserOperation[],
  entryPoint: EntryPointAdapter,
): Promise<void> {
  const { mempool, reputation, store, maxOperations } = deps
  const operations = pooled(deps, ops, entryPoint)
  if (mempool.size() + operations.length > maxOperations) throw mempoolFull(maxOperations)
  const replacements = operations.map((operation) => mempool.occupantOf(operation))
  const inFlight = replacements.find((occupant) => occupant?.state === 'inFlight')
  if (inFlight) {
    throw new RpcError(
      rpcErrorCode.invalidParams,
      `operation ${inFlight.hash} with this nonce is already on its way to the chain`,
      { rule: 'replacementInFlight', pending: inFlight.hash },
    )
  }
  await store.commit(
    operations.map((operation, index): StoreChange => {
      const replaces = replacements[index]?.hash
      return { type: 'operationAdded', operation, ...(replaces !== undefined && { replaces }) }
    }),
  )
  for (const operation of operations) {
    mempool.restore(operation)
    const entities = operationEntities(operation.op, operation.record)
    reputation.apply(entryPoint.address, effectOnAll(entities, 'seen'))
  }
}

/** New ones only; of several with the same sender and nonce the last one. */
function pooled(
  { chainId, mempool, now }: InjectDependencies,
  ops: readonly UserOperation[],
  entryPoint: EntryPointAdapter,
): PooledOperation[] {
  const bySlot = new Map<string, PooledOperation>()
  for (const op of ops) {
    const hash = operationHash(op, entryPoint, chainId)
    if (mempool.get(hash)) continue
    const prefund = entryPoint.requiredPrefund(op)
    const times = { validAfter: 0, validUntil: 0, addedAt: now() }
    bySlot.set(`${op.sender}:${op.nonce}`, { hash, entryPoint, op, prefund, ...times })
  }
  return [...bySlot.values()]
}
