import { type Hash, type Hex, hexToNumber, isHex, numberToHex } from 'viem'
import { withTypedErrors } from '../errors/explainFailure.ts'
import { HistoryUnstableError } from '../errors/history.ts'
import { MalformedAnswerError } from '../errors/transport.ts'
import type { ReadClient } from '../types/client.ts'
import { createBlockSpan } from '../watch/blockSpan.ts'
import type { Checked, ContractEvents } from '../watch/contractEvent.ts'
import { createEventFilter } from '../watch/eventFilter.ts'
import { createRpcReader } from '../watch/rpcReader.ts'
import type { BlockId } from '../watch/trail.ts'
import type { HistoryEvent } from './historyEvents.ts'

export type HistoryOptions = {
  /** First block; that of the deployment or an earlier one. 0 by default. */
  fromBlock?: bigint | undefined
  /** Last block: the state of which is rebuilt. The newest by default. */
  toBlock?: bigint | undefined
  /** Blocks in one question for logs, at most; halved when the node refuses. 10,000 by default. */
  maxBlockRange?: number | undefined
}

/** Which state of the chain a history tells. */
export type AsOf = {
  blockNumber: bigint
  blockHash: Hash
  /** Unix seconds. */
  timestamp: number
}

/** Reads events of one state of the chain. */
export type HistoryReader = AsOf & {
  read<const events extends ContractEvents>(
    events: events & Checked<events>,
  ): Promise<HistoryEvent<events>[]>
}

const attempts = 5

/** Arguments of one event, or ids, in one question for logs. */
const idsAtATime = 200

/**
 * Reads a history from one state of the chain: all of it again when that was replaced in the meantime.
 * @throws {HistoryUnstableError} When the chain does not hold still.
 */
export async function readHistory<history>(
  client: ReadClient,
  options: HistoryOptions,
  read: (reader: HistoryReader) => Promise<history>,
): Promise<history & AsOf> {
  const blocks = createRpcReader(client, { queries: [], confirmations: 0 })
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const number = options.toBlock ?? (await blocks.target()).number
    const block = await blocks.block(number)
    if (!block) continue
    const timestamp = await readTimestamp(client, block)
    const asOf = { blockNumber: block.number, blockHash: block.hash, timestamp }
    const history = await read({
      ...asOf,
      read: (events) => readEvents(client, events, block, options),
    })
    if ((await blocks.block(number))?.hash === block.hash) return { ...history, ...asOf }
  }
  throw new HistoryUnstableError({ attempts })
}

async function readEvents<events extends ContractEvents>(
  client: ReadClient,
  events: events,
  last: BlockId,
  { fromBlock = 0n, maxBlockRange = 10_000 }: HistoryOptions,
): Promise<HistoryEvent<events>[]> {
  const { queries, decode } = createEventFilter(events, client.contracts)
  const reader = createRpcReader(client, { queries, confirmations: 0 })
  const span = createBlockSpan(BigInt(maxBlockRange))
  const found: NonNullable<ReturnType<typeof decode>>[] = []
  for (let from = fromBlock; from <= last.number; ) {
    const { to, result } = await span.ask(from, last.number, (to) => reader.logsBetween(from, to))
    found.push(...result.flatMap((log) => decode(log, false) ?? []))
    from = to + 1n
  }
  const blocks = new Map(found.map(({ blockNumber, blockHash }) => [blockHash, blockNumber]))
  const times = new Map(
    await Promise.all(
      [...blocks].map(async ([hash, number]) => {
        return [hash, await readTimestamp(client, { number, hash })] as const
      }),
    ),
  )
  return found.map(({ removed: _, ...event }) => ({
    ...event,
    timestamp: times.get(event.blockHash) ?? 0,
  })) as HistoryEvent<events>[]
}

/** Unix seconds of a block, which must still be the one of its number. */
async function readTimestamp(client: ReadClient, { number, hash }: BlockId): Promise<number> {
  const block = await withTypedErrors(client, () =>
    client.client.request<{
      Method: string
      Parameters: unknown
      ReturnType: { hash: Hash; timestamp: Hex } | null
    }>({ method: 'eth_getBlockByNumber', params: [numberToHex(number), false] }),
  )
  // Replaced in the meantime: the whole history is read again, whatever is said here.
  if (block?.hash !== hash) return 0
  if (!isHex(block.timestamp))
    throw new MalformedAnswerError({
      service: 'node',
      method: 'eth_getBlockByNumber',
      answer: block,
    })
  return hexToNumber(block.timestamp)
}

/** Reads events about many ids, some of them at a time. */
export async function readInParts<id, event>(
  ids: readonly id[],
  read: (part: readonly id[]) => Promise<event[]>,
): Promise<event[]> {
  const events: event[] = []
  for (let start = 0; start < ids.length; start += idsAtATime)
    events.push(...(await read(ids.slice(start, start + idsAtATime))))
  return events
}

/** Events in the order of the chain. */
export const inOrder = <event extends { blockNumber: bigint; logIndex: number }>(
  events: readonly event[],
): event[] =>
  events.toSorted((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex)
