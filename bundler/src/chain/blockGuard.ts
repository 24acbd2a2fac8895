import type { Hex } from 'viem'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { Block } from './block.ts'

/** Block on whose state a call ran, as the EVM told it: NUMBER, and BLOCKHASH of the one before. */
export type SeenBlock = { blockNumber: number; parentHash: Hex }

/**
 * Whether an answer comes from a replica that lags behind `head`, or is on another fork: what it says
 * about operations is about another state. Newer is fine.
 */
export function isBehind(
  { blockNumber, parentHash }: SeenBlock,
  head: Pick<Block, 'number' | 'hash' | 'parentHash'>,
): boolean {
  if (blockNumber < head.number) return true
  if (blockNumber === head.number) return parentHash !== head.parentHash
  return blockNumber === head.number + 1 && parentHash !== head.hash
}

/** Not the operations are at fault, and another try may be answered by another replica. */
export function staleNode(
  { blockNumber }: Pick<SeenBlock, 'blockNumber'>,
  head: Pick<Block, 'number'>,
): RpcError {
  return new RpcError(
    rpcErrorCode.nodeUnavailable,
    `the node answered from block ${blockNumber}, which is not on the chain of block ${head.number}`,
    { reason: 'nodeUnavailable', seen: blockNumber, head: head.number },
  )
}
