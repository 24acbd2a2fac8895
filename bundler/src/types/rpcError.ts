import { jsonRpcErrorCode } from '@fabstir/service/rpcError'

export { RpcError } from '@fabstir/service/rpcError'

/** JSON-RPC error codes of ERC-7769, EIP-1474 and JSON-RPC 2.0 that this bundler answers with. */
export const rpcErrorCode = {
  ...jsonRpcErrorCode,
  /** No or an unknown API key. */
  unauthorized: -32011,
  /** The operation waits; EIP-1474 has no code for that. */
  receiptTimeout: -32012,
  validationRejected: -32500,
  paymasterRejected: -32501,
  opcodeViolation: -32502,
  timeRange: -32503,
  throttledOrBanned: -32504,
  stakeTooLow: -32505,
  unsupportedAggregator: -32506,
  invalidSignature: -32507,
  paymasterDepositTooLow: -32508,
  executionReverted: -32521,
} as const
