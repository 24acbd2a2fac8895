import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'

/** The node answered a trace that has not the shape of its tracer: nothing can be said about the rules. */
export class MalformedTraceError extends RpcError {
  constructor(source: string) {
    super(
      rpcErrorCode.nodeUnavailable,
      `the node answered debug_traceCall with something that is no trace (${source})`,
      { reason: 'malformedTrace', source },
    )
  }
}
