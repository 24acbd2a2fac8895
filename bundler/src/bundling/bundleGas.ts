import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { calldataGas } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { largerOf } from '../math/amounts.ts'

/** Gas of an empty transaction. */
const TRANSACTION_GAS = 21_000n
/** EIP-7702: gas that every authorization costs up front (PER_EMPTY_ACCOUNT_COST). */
const AUTHORIZATION_GAS = 25_000n
/** Gas that the EntryPoint itself uses for one operation, beside the limits of the operation (bound). */
const OPERATION_OVERHEAD = 60_000n

/**
 * Gas that one operation may use up in a bundle.
 * The EntryPoint demands (AA95) that in its inner frame 63/64 of the gas left cover call and postOp
 * limit plus 10,000; the inner frame itself gets 63/64: a twentieth on top is more than (64/63)^2.
 */
export function operationGas(entryPoint: EntryPointAdapter, op: UserOperation): bigint {
  const limits = entryPoint.requiredGas(op) + postOpReserve(entryPoint, op)
  const authorization = op.eip7702Auth ? AUTHORIZATION_GAS : 0n
  const calldata = transactionCalldataGas(entryPoint.encodeOperation(op))
  return limits + limits / 20n + OPERATION_OVERHEAD + authorization + calldata
}

/**
 * Before paymasters had limits of their own, AA95 demands `verificationGasLimit` for postOp even
 * without a paymaster; with one, `requiredGas` counts it.
 */
function postOpReserve(entryPoint: EntryPointAdapter, op: UserOperation): bigint {
  return entryPoint.supports.paymasterGasLimits || op.paymaster ? 0n : op.verificationGasLimit
}

/** Gas limit of a `handleOps` transaction with `operationsGas` in all, whatever its operations do. */
export function bundleGas(operationsGas: bigint): bigint {
  return TRANSACTION_GAS + operationsGas + OPERATION_OVERHEAD
}

/** EIP-7623: the floor may exceed the standard price, so the larger one is reserved. */
function transactionCalldataGas(data: Hex): bigint {
  const { standard, floor } = calldataGas(data)
  return largerOf(standard, floor)
}
