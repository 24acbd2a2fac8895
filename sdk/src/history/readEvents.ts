import { askInSpans, createBlockSpan } from '../contracts/blockSpan.ts'
import type { ReadClient } from '../types/client.ts'
import type { ChainReader } from '../watch/chainReader.ts'
import type { ContractEvents } from '../watch/contractEvent.ts'
import { createEventFilter } from '../watch/eventFilter.ts'
import { createRpcReader } from '../watch/rpcReader.ts'
import type { BlockId, ChainLog } from '../watch/trail.ts'
import type { HistoryEvent } from './historyEvents.ts'
import { unstable } from './unstable.ts'

/** Where the logs of a history are. */
export type LogSource = {
  /** First block that is asked for by ranges. */
  from: bigint
  /** Last one of these: so deep that no node lacks it. */
  to: bigint
  /** Blocks in one question, at most. */
  maxBlockRange: bigint
  /** All logs of the blocks after those. */
  recent: readonly ChainLog[]
}

/**
 * Events in the order of the chain, with the times of their blocks.
 * @throws {HistoryUnstableError} When a block with events is no longer the one of its number.
 */
export async function readEvents<events extends ContractEvents>(
  client: ReadClient,
  events: events,
  { from, to, maxBlockRange, recent }: LogSource,
): Promise<HistoryEvent<events>[]> {
  const { queries, decode } = createEventFilter(events, client.contracts)
  const reader = createRpcReader(client, { queries, confirmations: 0 })
  const range = { from, last: to }
  const older = await askInSpans(createBlockSpan(maxBlockRange), range, reader.logsBetween)
  const found = [...older, ...recent].flatMap((log) => decode(log, false) ?? [])
  const blocks = new Map(found.map(({ blockNumber, blockHash }) => [blockHash, blockNumber]))
  const times = new Map(
    await Promise.all(
      [...blocks].map(async ([hash, number]) => {
        return [hash, await readTime(reader, { number, hash })] as const
      }),
    ),
  )
  return found.map(({ removed: _, ...event }) => ({
    ...event,
    timestamp: times.get(event.blockHash),
  })) as HistoryEvent<events>[]
}

async function readTime(reader: ChainReader, { number, hash }: BlockId): Promise<number> {
  const block = await reader.block(number)
  if (block?.hash !== hash) throw unstable()
  return block.timestamp
}
