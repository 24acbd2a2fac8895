import type { Entity, EntryPointAdapter, StakeInfo, UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { bundleGas, operationGas } from '../bundling/bundleGas.ts'
import { checkOperationSize } from '../fields/operationSize.ts'
import type { Displaced, Mempool } from '../mempool/mempool.ts'
import { effectOnAll } from '../reputation/blame.ts'
import type { Quota } from '../reputation/quotas.ts'
import { quotasOf, THROTTLED_ENTITY_MEMPOOL_COUNT } from '../reputation/quotas.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { Store } from '../store/store.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { StakePolicy } from '../types/stakePolicy.ts'
import { isStaked } from '../types/stakePolicy.ts'
import type { ValidationRecord } from '../types/validationRecord.ts'
import type { ValidationResult } from '../validation/validate.ts'
import { operationEntities } from './operationEntities.ts'
import { operationHash } from './operationHash.ts'
import type { ValidateInTurnDependencies, ValidationInTurn } from './validateInTurn.ts'
import { validateInTurn } from './validateInTurn.ts'

export type AdmitDependencies = ValidateInTurnDependencies & {
  chainId: number
  mempool: Mempool
  reputation: Pick<ReputationTracker, 'standing' | 'status' | 'apply'>
  store: Pick<Store, 'commit'>
  stakePolicy: StakePolicy
  /** [UREP-010] Of an unstaked sender at one EntryPoint. */
  maxOperationsPerSender: number
  /** Gas limit of a bundle now. */
  maxBundleGas: () => bigint
  /** Newest settled block; `undefined` until the node has answered once. */
  head: () => { number: number; baseFeePerGas: bigint } | undefined
  /** Unix milliseconds. */
  now: () => number
  /** The pool holds something new to bundle, maybe in the place of `replaced`. */
  onAdmitted: (operation: PooledOperation, replaced?: PooledOperation) => void
  onUpdates: (updates: readonly OperationUpdate[]) => void
}

/**
 * Accepts an operation: validated, in the pool, and durable before its hash is returned.
 * Sending an operation that is still pending again answers its hash once more.
 * @throws RpcError with the reason of the refusal; then nothing has changed.
 */
export function createAdmission(
  deps: AdmitDependencies,
): (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<Hex> {
  const arriving = new Map<string, Promise<Hex>>()
  const entering = new Map<Hex, Promise<Hex>>()

  /** `undefined` for an operation that is not in the pool; with another signature it is the same one. */
  function pooled(hash: Hex): Promise<Hex> | Hex | undefined {
    return entering.get(hash) ?? (deps.mempool.get(hash) ? hash : undefined)
  }

  async function arrive(hash: Hex, op: UserOperation, entryPoint: EntryPointAdapter) {
    checkStatus(deps, op, entryPoint)
    checkSize(deps, op, entryPoint)
    const validated = await validateInTurn(deps, op, entryPoint)
    const known = pooled(hash)
    if (known !== undefined) return known
    const entry = enter(deps, hash, { op, entryPoint, ...validated })
    entering.set(hash, entry)
    return entry.finally(() => entering.delete(hash))
  }

  return async (op, entryPoint) => {
    const hash = operationHash(op, entryPoint, deps.chainId)
    const key = `${hash}${signaturesOf(op)}`
    const known = pooled(hash) ?? arriving.get(key)
    if (known !== undefined) return known
    const admission = arrive(hash, op, entryPoint).finally(() => arriving.delete(key))
    arriving.set(key, admission)
    return admission
  }
}

/** What the hash does not cover: anybody can send a copy of an operation with others, which are refused. */
function signaturesOf({ signature, paymasterSignature, eip7702Auth }: UserOperation): string {
  return JSON.stringify([signature, paymasterSignature, eip7702Auth])
}

async function enter(
  deps: AdmitDependencies,
  hash: Hex,
  {
    op,
    entryPoint,
    validation,
    noncesAhead,
  }: ValidationInTurn & { op: UserOperation; entryPoint: EntryPointAdapter },
): Promise<Hex> {
  const { mempool } = deps
  // Again: an entity may have been banned while this one was validated.
  checkStatus(deps, op, entryPoint)
  const { prefund, validAfter, validUntil, validUntilBlock } = validation
  const record = validation.record ?? recordOf(validation, deps.stakePolicy)
  const deposit = validation.paymasterDeposit
  const addedAt = deps.now()
  const operation: PooledOperation = {
    ...{ hash, entryPoint, op, prefund, validAfter, validUntil, addedAt, record },
    ...(validUntilBlock !== undefined && { validUntilBlock }),
    validatedAtBlock: validation.blockNumber,
  }
  const head = deps.head()
  const displaced = mempool.add(operation, {
    quotas: quotas(deps, operation),
    noncesAhead,
    ...(deposit !== undefined && { deposit }),
    ...(head && { baseFee: head.baseFeePerGas, block: head.number }),
  })
  await journal(deps, operation, displaced)
  mempool.setState([hash], 'waiting')
  deps.onAdmitted(operation, displaced.replaced)
  return hash
}

/** What admission keeps of a validation that was not traced, besides gas and time. */
function recordOf({ entities }: ValidationResult, policy: StakePolicy): ValidationRecord {
  const { sender, ...others } = entities
  const stakes = Object.entries({ account: sender, ...others }) as [Entity, StakeInfo][]
  return { staked: stakes.filter(([, stake]) => isStaked(stake, policy)).map(([role]) => role) }
}

/** Makes the pool's change durable, and takes it back when that fails. */
async function journal(
  { mempool, reputation, store, onUpdates }: AdmitDependencies,
  operation: PooledOperation,
  { replaced, evicted }: Displaced,
): Promise<void> {
  const reason = evicted && {
    rule: 'evicted',
    message: `the mempool is full and ${operation.hash} pays more`,
  }
  try {
    await store.commit([
      { type: 'operationAdded', operation, ...(replaced && { replaces: replaced.hash }) },
      ...(evicted && reason
        ? [{ type: 'operationDropped', hash: evicted.hash, reason } as const]
        : []),
    ])
  } catch (error) {
    mempool.remove(operation.hash)
    for (const left of [replaced, evicted]) if (left) mempool.restore(left)
    throw error
  }
  // [GREP-050] Entities of a replaced operation are as if it had not been seen.
  for (const left of [replaced, evicted]) {
    if (left) countSeen(reputation, left, 'unseen')
  }
  countSeen(reputation, operation, 'seen')
  if (evicted && reason) onUpdates([{ type: 'dropped', hash: evicted.hash, reason }])
}

function countSeen(
  reputation: Pick<ReputationTracker, 'apply'>,
  { op, entryPoint, record }: PooledOperation,
  effect: 'seen' | 'unseen',
): void {
  reputation.apply(entryPoint.address, effectOnAll(operationEntities(op, record), effect))
}

function quotas(deps: AdmitDependencies, { op, entryPoint, record }: PooledOperation): Quota[] {
  return quotasOf(
    operationEntities(op, record),
    (address) => deps.reputation.standing(entryPoint.address, address),
    deps.maxOperationsPerSender,
  )
}

/**
 * What reputation alone decides, before anything is simulated. [GREP-010] A banned entity is not
 * allowed; [GREP-020] a throttled one only while it has few operations in the pool.
 */
function checkStatus(
  { reputation, mempool }: AdmitDependencies,
  op: UserOperation,
  entryPoint: EntryPointAdapter,
): void {
  const replaced = mempool.occupantOf({ op, entryPoint })
  for (const { role, address } of operationEntities(op, undefined)) {
    const status = reputation.status(entryPoint.address, address)
    if (status === 'ok') continue
    const data = { entity: role, address, [role]: address, status }
    if (status === 'banned') {
      throw new RpcError(rpcErrorCode.throttledOrBanned, `${role} ${address} is banned`, {
        rule: 'GREP-010',
        ...data,
      })
    }
    // The pool checks it again, with the entities of the replaced operation taken off.
    if (replaced) continue
    const pending = mempool.withEntity(entryPoint.address, address).length
    if (pending < THROTTLED_ENTITY_MEMPOOL_COUNT) continue
    throw new RpcError(
      rpcErrorCode.throttledOrBanned,
      `${role} ${address} is throttled to ${THROTTLED_ENTITY_MEMPOOL_COUNT} pending operations`,
      { rule: 'GREP-020', ...data, limit: THROTTLED_ENTITY_MEMPOOL_COUNT, pending },
    )
  }
}

/** An operation that fits into no bundle would wait for ever. */
function checkSize(
  deps: AdmitDependencies,
  op: UserOperation,
  entryPoint: EntryPointAdapter,
): void {
  checkOperationSize(op, entryPoint)
  const needed = bundleGas(operationGas(entryPoint, op))
  const maxBundleGas = deps.maxBundleGas()
  if (needed <= maxBundleGas) return
  throw new RpcError(
    rpcErrorCode.invalidParams,
    `the gas limits of the operation add up to a bundle of ${needed} gas, above the limit of ${maxBundleGas}`,
    { rule: 'maxBundleGas', needed: needed.toString(), limit: maxBundleGas.toString() },
  )
}
