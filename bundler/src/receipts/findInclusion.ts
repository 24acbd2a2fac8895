import type { Address, Hex } from 'viem'
import type { RpcLog } from '../chain/block.ts'
import { staleNode } from '../chain/blockGuard.ts'
import { getBlock, getLogs, getTransactionReceipt } from '../chain/blocks.ts'
import { getLogsInRanges, LOGS_RANGE } from '../chain/logRanges.ts'
import type { ChainReader } from '../chain/reader.ts'
import { ChainError } from '../chain/reader.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'
import { buildInclusion } from './buildReceipt.ts'
import { decodeUserOperationEvents, userOperationEventTopic } from './userOperationEvent.ts'

/**
 * Looks for an operation on chain, by whomever it was sent, from the newest block backwards.
 * @param lookbackBlocks How many blocks before the head are searched.
 * @param minBlock The node must have it: what a replica that lags does not know may still be there.
 * @throws RpcError `nodeUnavailable`, also when the node has not seen `minBlock`.
 */
export async function findInclusionOnChain(
  deps: {
    reader: Pick<ChainReader, 'request'>
    entryPoints: readonly Address[]
    lookbackBlocks: number
  },
  hash: Hex,
  minBlock = 0,
): Promise<Inclusion | undefined> {
  const { reader, entryPoints, lookbackBlocks } = deps
  const head = await getBlock(reader, 'latest')
  if (!head) return undefined
  if (head.number < minBlock) {
    throw staleNode({ blockNumber: head.number }, { number: minBlock })
  }
  const oldest = Math.max(0, head.number - lookbackBlocks)
  for (let to = head.number; to >= oldest; to -= LOGS_RANGE) {
    const filter = {
      from: Math.max(oldest, to - LOGS_RANGE + 1),
      addresses: entryPoints,
      topics: [userOperationEventTopic, hash],
    }
    const logs = await logsUpTo(reader, filter, to, to === head.number)
    const event = decodeUserOperationEvents(logs, entryPoints).at(-1)
    if (!event) continue
    const transaction = await getTransactionReceipt(reader, event.transactionHash)
    // A reorg between the two requests: the operation is not on chain any more.
    if (transaction?.blockHash !== event.blockHash) return undefined
    return buildInclusion(event, transaction)
  }
  return undefined
}

/** The newest by name: with its number, a stricter replica that is one block behind would refuse. */
async function logsUpTo(
  reader: Pick<ChainReader, 'request'>,
  filter: { from: number; addresses: readonly Address[]; topics: Hex[] },
  to: number,
  isNewest: boolean,
): Promise<RpcLog[]> {
  if (isNewest) {
    try {
      return await getLogs(reader, { ...filter, to: 'latest' })
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
    }
  }
  return getLogsInRanges(reader, { ...filter, to })
}
