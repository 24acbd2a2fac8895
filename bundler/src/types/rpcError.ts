/** JSON-RPC error codes of ERC-7769, EIP-1474 and JSON-RPC 2.0 that this bundler answers with. */
export const rpcErrorCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  nodeUnavailable: -32000,
  /** EIP-1474: rate, subscriptions. */
  limitExceeded: -32005,
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

/** An answer to the client: thrown anywhere below the RPC boundary, sent as `error` of the response. */
export class RpcError extends Error {
  override name = 'RpcError'
  code: number
  data: unknown

  /** @param data Machine-readable part: rule, entity, numbers, revert bytes. Must be JSON-serialisable. */
  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}
