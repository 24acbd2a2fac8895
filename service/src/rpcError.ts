/** Error codes of JSON-RPC 2.0 and EIP-1474 that both services answer with. */
export const jsonRpcErrorCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  nodeUnavailable: -32000,
  /** EIP-1474: rate, subscriptions. */
  limitExceeded: -32005,
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
