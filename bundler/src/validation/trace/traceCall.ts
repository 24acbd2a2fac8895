import type { ChainReader } from '../../chain/reader.ts'
import { ChainError } from '../../chain/reader.ts'
import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'
import type { TracedCall } from './trace.ts'

/**
 * `debug_traceCall` with a tracer of the node: a name, or source text.
 * @throws RpcError -32000 when the node does not answer, or refuses.
 */
export async function traceCall(
  node: Pick<ChainReader, 'request'>,
  { from, to, data, gas, stateOverride, blockTag }: TracedCall,
  tracer: string,
): Promise<unknown> {
  const transaction = { from, to, data, gas: `0x${gas.toString(16)}` }
  const options = {
    tracer,
    ...(Object.keys(stateOverride).length > 0 && { stateOverrides: stateOverride }),
  }
  try {
    return await node.request('debug_traceCall', [transaction, blockTag, options])
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    throw new RpcError(
      rpcErrorCode.nodeUnavailable,
      `the node could not trace the validation: ${error.message}`,
      { reason: 'traceFailed', method: error.method },
    )
  }
}
