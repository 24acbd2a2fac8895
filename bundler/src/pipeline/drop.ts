import type { Hex } from 'viem'
import type { Cancellation } from '../cancellation/cancellation.ts'
import { cancellationDigest } from '../cancellation/cancellation.ts'
import { provesSender } from '../cancellation/proveSender.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { Mempool, MempoolEntry } from '../mempool/mempool.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { Store } from '../store/store.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { applyUpdates } from './applyUpdates.ts'

/** Seconds that a cancellation may be valid: who sees it can drop the same operation again until then. */
const MAX_VALIDITY = 86_400n

const droppedBySender = {
  rule: 'droppedBySender',
  message: 'its owner took it back by a signed cancellation',
}

export type DropDependencies = {
  chainId: number
  reader: Pick<ChainReader, 'call'>
  mempool: Pick<Mempool, 'get' | 'remove' | 'setState'>
  reputation: Pick<ReputationTracker, 'apply'>
  store: Pick<Store, 'commit'>
  /** Unix milliseconds. */
  now: () => number
  onUpdates: (updates: readonly OperationUpdate[]) => void
}

/**
 * Takes a pending operation out of the pool for its owner. Its entities are as if it had not been seen. On chain nothing
 * changes: whoever else has the operation can still include it until its nonce is used.
 * @returns `false` when no such operation is pending.
 * @throws RpcError -32602 for a deadline out of range or an operation in flight, -32507 for a signature
 * that does not prove the sender, `nodeUnavailable`; then nothing has changed.
 */
export async function dropOperation(
  deps: DropDependencies,
  cancellation: Cancellation & { signature: Hex },
): Promise<boolean> {
  const { userOpHash: hash, deadline, signature } = cancellation
  checkDeadline(deadline, BigInt(Math.floor(deps.now() / 1_000)))
  const pending = deps.mempool.get(hash)
  if (!pending) return false
  checkNotInFlight(pending)

  const { op, entryPoint } = pending
  const { chainId } = deps
  const digest = cancellationDigest(
    { userOpHash: hash, deadline },
    { chainId, entryPoint: entryPoint.address },
  )
  if (
    !(await provesSender(deps.reader, { op, entryPoint: entryPoint.address, digest, signature }))
  ) {
    throw new RpcError(
      rpcErrorCode.invalidSignature,
      `the signature does not prove that sender ${op.sender} takes operation ${hash} back`,
      { rule: 'cancellationSignature', entity: 'account', sender: op.sender, digest },
    )
  }
  // Again: a bundle may have taken it while the node judged the signature.
  const entry = deps.mempool.get(hash)
  if (!entry) return false
  checkNotInFlight(entry)
  const { state } = entry
  // No bundle takes it while the journal is written.
  deps.mempool.setState([hash], 'arriving')
  try {
    await deps.store.commit([{ type: 'operationDropped', hash, reason: droppedBySender }])
  } catch (error) {
    deps.mempool.setState([hash], state)
    throw error
  }
  const update = { type: 'dropped', hash, reason: droppedBySender } as const
  applyUpdates(deps, [update])
  deps.onUpdates([update])
  return true
}

function checkDeadline(deadline: bigint, now: bigint): void {
  if (deadline >= now && deadline <= now + MAX_VALIDITY) return
  const latest = now + MAX_VALIDITY
  throw new RpcError(
    rpcErrorCode.invalidParams,
    `deadline must be from now (${now}) to ${latest} in Unix seconds, got ${deadline}`,
    { field: 'deadline', rule: 'deadline', numbers: { deadline, now, latest } },
  )
}

function checkNotInFlight({ hash, state }: MempoolEntry): void {
  if (state !== 'inFlight' && state !== 'arriving') return
  throw new RpcError(
    rpcErrorCode.invalidParams,
    `operation ${hash} is on its way to the chain already and cannot be dropped`,
    { rule: 'inFlight', userOpHash: hash },
  )
}
