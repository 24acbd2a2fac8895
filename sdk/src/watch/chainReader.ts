import type { Hash } from 'viem'
import type { BlockId, ChainLog } from './trail.ts'

export type Block = BlockId & {
  parentHash: Hash
  /** Unix seconds. */
  timestamp: number
}

/** What following a chain asks of a node. Each question may fail or be answered by another node than the one before. */
export type ChainReader = {
  /** Newest block whose logs may be delivered. Its hash is left out where it is none of interest. */
  target: () => Promise<{ number: bigint; hash?: Hash | undefined }>
  /** `undefined` when the node has none of this number. */
  block: (number: bigint) => Promise<Block | undefined>
  /** Logs of exactly this block, in their order. */
  logsOf: (block: BlockId) => Promise<readonly ChainLog[]>
  /** Logs from block to block, both included, in their order. */
  logsBetween: (from: bigint, to: bigint) => Promise<readonly ChainLog[]>
}
