import { findRpcFailure, findTransportFailure, isOutage } from '../errors/rpcError.ts'

/**
 * Whether a service has said no to a request. Anything but an error of JSON-RPC or an HTTP status of the 400s leaves
 * open what became of it, and so does an internal error: it may be that of a gateway, about a request that it had
 * passed on.
 */
export function isRefusal(error: unknown): boolean {
  const failure = findRpcFailure(error)
  if (failure) return failure.code !== internalError
  const transport = findTransportFailure(error)
  return transport !== undefined && !isOutage(transport)
}

const internalError = -32603
