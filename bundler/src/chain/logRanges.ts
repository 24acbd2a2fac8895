import type { RpcLog } from './block.ts'
import { getLogs } from './blocks.ts'
import type { ChainReader } from './reader.ts'
import { ChainError } from './reader.ts'

/** Blocks per `eth_getLogs`; common public nodes refuse more. */
export const LOGS_RANGE = 2_000

/**
 * Logs of many blocks, in order, asked for in ranges. A node that refuses a range, because of its length or
 * of what it holds, is asked for shorter ones.
 * @param filter.to Number of the last block.
 * @throws RpcError `nodeUnavailable`, ChainError when it refuses a single block, too.
 */
export async function getLogsInRanges(
  reader: Pick<ChainReader, 'request'>,
  filter: Omit<Parameters<typeof getLogs>[1], 'to'> & { to: number },
): Promise<RpcLog[]> {
  const logs: RpcLog[] = []
  let range = LOGS_RANGE
  for (let from = filter.from; from <= filter.to; ) {
    const to = Math.min(filter.to, from + range - 1)
    try {
      logs.push(...(await getLogs(reader, { ...filter, from, to })))
      from = to + 1
    } catch (error) {
      if (!(error instanceof ChainError) || to === from) throw error
      range = Math.ceil((to - from + 1) / 2)
    }
  }
  return logs
}
