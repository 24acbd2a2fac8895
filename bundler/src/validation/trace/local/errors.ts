import type { BlockTag } from '../../../chain/reader.ts'
import { RpcError, rpcErrorCode } from '../../../types/rpcError.ts'

/** The operation is to blame: its validation cannot be followed to the end. */
export function refusal(message: string): RpcError {
  return new RpcError(rpcErrorCode.validationRejected, `validation cannot be traced: ${message}`, {
    rule: 'traceLimit',
  })
}

/** The node has no state of the block, also after a while. */
export function stateUnavailable(blockTag: BlockTag, cause: unknown): RpcError {
  const block = typeof blockTag === 'string' ? blockTag : blockTag.blockHash
  const because = cause instanceof Error ? `: ${cause.message}` : ''
  return unavailable(`the node has no state of block ${block}${because}`, { block })
}

export function overloadedError(maxQueue: number): RpcError {
  return unavailable(`${maxQueue} traces are under way already`, { maxQueue })
}

export function closedError(): RpcError {
  return unavailable('the trace source is closed', {})
}

function unavailable(message: string, data: Record<string, unknown>): RpcError {
  return new RpcError(rpcErrorCode.nodeUnavailable, message, { reason: 'nodeUnavailable', ...data })
}
