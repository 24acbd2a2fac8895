import type { Address, Hex } from 'viem'
import type { Block } from '../chain/block.ts'
import { staleNode } from '../chain/blockGuard.ts'
import { getBlock, getBlockByHash, getBlockLogs } from '../chain/blocks.ts'
import type { ChainReader } from '../chain/reader.ts'
import { decodeUserOperationEvents } from './userOperationEvent.ts'

/** Blocks that are looked through; further ahead, the head tracker has to catch up first. */
const MAX_BLOCKS = 64

/**
 * Operations that blocks after the settled head hold, whoever sent them. What a dry run says on such a block
 * may be due to their inclusion, by any code: what an account did once leaves it without funds or nonce.
 * Logs are asked for by block hash, so that a replica without the block refuses instead of knowing nothing.
 * @param seenBlock Number of the block that the dry run was made on; absent where the EVM does not tell it.
 * @returns `undefined` when too many blocks are not settled to tell.
 * @throws RpcError `nodeUnavailable` when the node does not have `seenBlock`, ChainError.
 */
export async function unsettledOperations(
  deps: { reader: Pick<ChainReader, 'request'>; entryPoints: readonly Address[] },
  head: Pick<Block, 'number'>,
  seenBlock: number | undefined,
): Promise<ReadonlySet<Hex> | undefined> {
  const { reader, entryPoints } = deps
  const included = new Set<Hex>()
  if (seenBlock !== undefined && seenBlock <= head.number) return included
  const newest = await getBlock(reader, 'latest')
  if (!newest || newest.number < (seenBlock ?? 0)) {
    throw staleNode({ blockNumber: newest?.number ?? 0 }, { number: seenBlock ?? head.number })
  }
  if (newest.number - head.number > MAX_BLOCKS) return undefined
  for (let block: Block | undefined = newest; block && block.number > head.number; ) {
    const [logs, parent]: [Awaited<ReturnType<typeof getBlockLogs>>, Block | undefined] =
      await Promise.all([
        getBlockLogs(reader, block.hash, entryPoints),
        getBlockByHash(reader, block.parentHash),
      ])
    for (const { userOpHash } of decodeUserOperationEvents(logs, entryPoints)) {
      included.add(userOpHash)
    }
    if (!parent) return undefined
    block = parent
  }
  return included
}
