import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { size } from 'viem'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

/** Transactions above 128 KiB are refused by the pools of geth, reth and others. */
const MAX_TRANSACTION_BYTES = 131_072
/** Everything of a bundle's transaction that is no operation: fees, signature, selector, array head. */
const ENVELOPE_BYTES = 1_024
/** Signed EIP-7702 authorization in a transaction, and the array offset of an operation (bound). */
const PER_OPERATION_BYTES = 160

/** Bytes that the operations of one bundle may have together. */
export const MAX_OPERATION_BYTES = MAX_TRANSACTION_BYTES - ENVELOPE_BYTES

/** Bytes that an operation adds to the transaction of its bundle. */
export function operationSize(entryPoint: EntryPointAdapter, op: UserOperation): number {
  return size(entryPoint.encodeOperation(op)) + PER_OPERATION_BYTES
}

/** @throws RpcError -32602 for an operation that fits into no bundle: it would wait for ever. */
export function checkOperationSize(op: UserOperation, entryPoint: EntryPointAdapter): void {
  const bytes = operationSize(entryPoint, op)
  if (bytes <= MAX_OPERATION_BYTES) return
  throw new RpcError(
    rpcErrorCode.invalidParams,
    `the operation takes ${bytes} bytes of a bundle that holds ${MAX_OPERATION_BYTES}`,
    { rule: 'maxBundleSize', size: bytes, limit: MAX_OPERATION_BYTES },
  )
}
