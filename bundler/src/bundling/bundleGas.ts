import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { calldataGas } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { size } from 'viem'
import { largerOf } from '../math/amounts.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'

/** Gas of an empty transaction. */
const TRANSACTION_GAS = 21_000n
/** EIP-7702: gas that every authorization costs up front (PER_EMPTY_ACCOUNT_COST). */
const AUTHORIZATION_GAS = 25_000n
/** Gas that the EntryPoint itself uses for one operation, beside the limits of the operation (bound). */
const OPERATION_OVERHEAD = 60_000n
/** The same once for `handleOps` (bound). */
const BUNDLE_OVERHEAD = 60_000n
/** Gas for each word of an operation that the EntryPoint hashes and copies, some times over (bound). */
const WORD_GAS = 48n

/** EIP-7825: gas that a transaction may have, from Osaka on. */
export const MAX_TRANSACTION_GAS = 1n << 24n

/**
 * Gas that `handleOps` needs for one operation whatever it does, transaction apart.
 *
 * Before each execution step the EntryPoint demands (AA95) that the gas left covers it: from 0.7 on
 * `gasleft() * 63 / 64 >= callGasLimit + paymasterPostOpGasLimit + 10,000` in the inner frame, 0.6
 * `gasleft() >= callGasLimit + verificationGasLimit + 5,000`; the inner frame itself gets 63/64. What
 * came before has used its own share at most, so the own share must be enough: a twentieth on top is
 * more than (64/63)^2, and the overhead is more than the constants.
 */
export function executionGas(entryPoint: EntryPointAdapter, op: UserOperation): bigint {
  const limits = entryPoint.requiredGas(op) + postOpReserve(entryPoint, op)
  return limits + limits / 20n + OPERATION_OVERHEAD + copyGas(entryPoint.encodeOperation(op))
}

/** Gas that an operation may use up in a bundle. */
export function operationGas(entryPoint: EntryPointAdapter, op: UserOperation): bigint {
  return executionGas(entryPoint, op) + transactionGas(entryPoint, op)
}

/**
 * Before paymasters had limits of their own, AA95 demands `verificationGasLimit` for postOp even
 * without a paymaster; with one, `requiredGas` counts it.
 */
function postOpReserve(entryPoint: EntryPointAdapter, op: UserOperation): bigint {
  return entryPoint.supports.paymasterGasLimits || op.paymaster ? 0n : op.verificationGasLimit
}

/** Calldata and authorization, paid before anything runs. */
function transactionGas(entryPoint: EntryPointAdapter, op: UserOperation): bigint {
  const authorization = op.eip7702Auth ? AUTHORIZATION_GAS : 0n
  return authorization + transactionCalldataGas(entryPoint.encodeOperation(op))
}

/** Two frames hold a copy of the operation: linear, and by the square of its words (EVM memory). */
function copyGas(data: Hex): bigint {
  const words = BigInt(size(data)) / 32n
  return WORD_GAS * words + (2n * words * words) / 512n
}

/** Gas limit of a `handleOps` transaction with `operationsGas` in all, whatever its operations do. */
export function bundleGas(operationsGas: bigint): bigint {
  return TRANSACTION_GAS + operationsGas + BUNDLE_OVERHEAD
}

/** Gas limit for a bundle of `operations`. */
export function handleOpsGas(
  entryPoint: EntryPointAdapter,
  operations: readonly PooledOperation[],
): bigint {
  return bundleGas(operations.reduce((gas, { op }) => gas + operationGas(entryPoint, op), 0n))
}

/** Of the gas limit of a bundle, what is there for `handleOps` beside its operations. */
export const HANDLE_OPS_FIXED_GAS = BUNDLE_OVERHEAD

/**
 * Gas that the transaction of a bundle uses at most, when `handleOps` used `executed`.
 * [EIP-7623] Calldata has a floor.
 */
export function transactionGasUsed(
  data: Hex,
  parts: { executed: bigint; authorizations: number },
): bigint {
  const { standard, floor } = calldataGas(data)
  const before = TRANSACTION_GAS + AUTHORIZATION_GAS * BigInt(parts.authorizations)
  return largerOf(before + standard + parts.executed, TRANSACTION_GAS + floor)
}

/** EIP-7623: the floor may exceed the standard price, so the larger one is reserved. */
function transactionCalldataGas(data: Hex): bigint {
  const { standard, floor } = calldataGas(data)
  return largerOf(standard, floor)
}
