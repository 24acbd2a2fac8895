import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { DelegateUnknownError, entitiesOf } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { bundleGas, operationGas } from '../bundling/bundleGas.ts'
import { MAX_OPERATION_BYTES, operationSize } from '../bundling/bundleSize.ts'
import { getDeposit } from '../chain/entryPointState.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { Store } from '../store/store.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { Validator } from '../validation/validate.ts'

/** ERC-7562: operations of a throttled entity that the pool holds at most. */
const THROTTLED_ENTITY_MEMPOOL_COUNT = 4

export type AdmitDependencies = {
  chainId: number
  reader: Pick<ChainReader, 'call'>
  validator: Validator
  mempool: Mempool
  reputation: Pick<ReputationTracker, 'status'>
  store: Pick<Store, 'commit'>
  /** Gas limit of a bundle now. */
  maxBundleGas: () => bigint
  /** Unix milliseconds. */
  now: () => number
  /** The pool holds something new to bundle. */
  onAdmitted: (operation: PooledOperation) => void
}

/**
 * Accepts an operation: validated, in the pool, and durable before its hash is returned.
 * Sending an operation that is still pending again answers its hash once more.
 * @throws RpcError with the reason of the refusal; then nothing has changed.
 */
export function createAdmission(
  deps: AdmitDependencies,
): (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<Hex> {
  const arriving = new Map<Hex, Promise<Hex>>()

  return async (op, entryPoint) => {
    const hash = hashOf(op, entryPoint, deps.chainId)
    const known = deps.mempool.get(hash)
    const underWay = arriving.get(hash)
    if (underWay) return underWay
    if (known) return hash
    const admission = admit(deps, hash, op, entryPoint).finally(() => arriving.delete(hash))
    arriving.set(hash, admission)
    return admission
  }
}

async function admit(
  deps: AdmitDependencies,
  hash: Hex,
  op: UserOperation,
  entryPoint: EntryPointAdapter,
): Promise<Hex> {
  const { mempool, store, reader, validator } = deps
  checkReputation(deps, op)
  checkSize(deps, op, entryPoint)
  const [validation, deposit] = await Promise.all([
    validator.validate(op, entryPoint),
    op.paymaster ? getDeposit(reader, entryPoint.address, op.paymaster) : undefined,
  ])
  // Again: others of a throttled entity may have arrived while this one was validated.
  checkReputation(deps, op)
  const { prefund, validAfter, validUntil } = validation
  const operation = { hash, entryPoint, op, prefund, validAfter, validUntil, addedAt: deps.now() }

  const replaced = mempool.add(operation, deposit)
  try {
    await store.commit([
      { type: 'operationAdded', operation, ...(replaced && { replaces: replaced.hash }) },
    ])
  } catch (error) {
    mempool.remove(hash)
    if (replaced) mempool.restore(replaced)
    throw error
  }
  mempool.setState([hash], 'waiting')
  deps.onAdmitted(operation)
  return hash
}

function hashOf(op: UserOperation, entryPoint: EntryPointAdapter, chainId: number): Hex {
  try {
    return entryPoint.hash(op, chainId)
  } catch (error) {
    if (!(error instanceof DelegateUnknownError)) throw error
    throw new RpcError(
      rpcErrorCode.invalidParams,
      'an operation with the EIP-7702 factory marker needs eip7702Auth',
      { field: 'eip7702Auth', rule: 'required' },
    )
  }
}

function checkReputation({ reputation, mempool }: AdmitDependencies, op: UserOperation): void {
  for (const [entity, address] of Object.entries(entitiesOf(op))) {
    const status = reputation.status(address)
    if (status === 'ok') continue
    const data = { rule: 'EREP', entity, address, status }
    if (status === 'banned') {
      throw new RpcError(rpcErrorCode.throttledOrBanned, `${entity} ${address} is banned`, data)
    }
    if (countOf(mempool, address) >= THROTTLED_ENTITY_MEMPOOL_COUNT) {
      throw new RpcError(
        rpcErrorCode.throttledOrBanned,
        `${entity} ${address} is throttled to ${THROTTLED_ENTITY_MEMPOOL_COUNT} pending operations`,
        data,
      )
    }
  }
}

function countOf(mempool: Pick<Mempool, 'entries'>, address: Address): number {
  let count = 0
  for (const { op } of mempool.entries()) {
    if (Object.values(entitiesOf(op)).includes(address)) count += 1
  }
  return count
}

/** An operation that fits into no bundle would wait for ever. */
function checkSize(
  deps: AdmitDependencies,
  op: UserOperation,
  entryPoint: EntryPointAdapter,
): void {
  const size = operationSize(entryPoint, op)
  if (size > MAX_OPERATION_BYTES) {
    throw new RpcError(
      rpcErrorCode.invalidParams,
      `the operation takes ${size} bytes of a bundle that holds ${MAX_OPERATION_BYTES}`,
      { rule: 'maxBundleSize', size, limit: MAX_OPERATION_BYTES },
    )
  }
  const needed = bundleGas(operationGas(entryPoint, op))
  const maxBundleGas = deps.maxBundleGas()
  if (needed <= maxBundleGas) return
  throw new RpcError(
    rpcErrorCode.invalidParams,
    `the gas limits of the operation add up to a bundle of ${needed} gas, above the limit of ${maxBundleGas}`,
    { rule: 'maxBundleGas', needed: needed.toString(), limit: maxBundleGas.toString() },
  )
}
