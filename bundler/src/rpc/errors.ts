import { ChainError } from '../types/chainError.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

export type JsonRpcError = { code: number; message: string; data?: unknown }

/** The one table from exceptions to JSON-RPC errors. What is not meant for the client stays here. */
export function toJsonRpcError(error: unknown): JsonRpcError {
  if (error instanceof RpcError) {
    const { code, message, data } = error
    return data === undefined ? { code, message } : { code, message, data: jsonSafe(data) }
  }
  if (error instanceof ChainError) {
    return {
      code: rpcErrorCode.nodeUnavailable,
      message: `the node refused ${error.method}: ${error.message}`,
      data: { reason: 'nodeError', method: error.method },
    }
  }
  return { code: rpcErrorCode.internal, message: 'internal error' }
}

/** Whether the error is a fault of this program rather than of the request or the node. */
export function isUnexpected(error: unknown): boolean {
  return !(error instanceof RpcError) && !(error instanceof ChainError)
}

/** bigint has no JSON form; as everywhere in this API it becomes a hex quantity. */
function jsonSafe(data: unknown): unknown {
  const text = JSON.stringify(data, (_, value) =>
    typeof value === 'bigint' ? `0x${value.toString(16)}` : value,
  )
  return text === undefined ? undefined : JSON.parse(text)
}
