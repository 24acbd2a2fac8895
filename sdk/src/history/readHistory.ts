import type { Hash } from 'viem'
import { HistoryUnstableError } from '../errors/history.ts'
import type { ReadClient } from '../types/client.ts'
import type { Checked, ContractEvents } from '../watch/contractEvent.ts'
import { createRpcReader } from '../watch/rpcReader.ts'
import type { HistoryEvent } from './historyEvents.ts'
import { readEvents } from './readEvents.ts'
import { readRecentLogs } from './readRecentLogs.ts'
import { attempts, unstable } from './unstable.ts'

export type HistoryOptions = {
  /** First block; that of the deployment or an earlier one. 0 by default. */
  fromBlock?: bigint | undefined
  /** Last block: the state of which is rebuilt. The newest by default. */
  toBlock?: bigint | undefined
  /** Blocks in one question for logs, at most; halved when the node refuses. 10,000 by default. */
  maxBlockRange?: number | undefined
  /**
   * Newest blocks of the chain that are read one by one, by their hashes, 1 to 10,000; 64 by default. As far as that, a
   * reorganisation or a node that lags behind can leave no event out; it takes two questions a block.
   */
  reorgDepth?: number | undefined
}

/** Which state of the chain a history tells. */
export type AsOf = {
  blockNumber: bigint
  blockHash: Hash
  /** Unix seconds. */
  timestamp: number
}

/** Reads events of the marketplace and of the registry, of one state of the chain. */
export type HistoryReader = AsOf & {
  read<const events extends ContractEvents>(
    events: events & Checked<events>,
  ): Promise<HistoryEvent<events>[]>
}

/**
 * Reads a history from one state of the chain: all of it again when that was replaced in the meantime, or when the node
 * lags behind what it told of before.
 * @throws {HistoryUnstableError} When the chain does not hold still.
 */
export async function readHistory<history>(
  client: ReadClient,
  options: HistoryOptions,
  read: (reader: HistoryReader) => Promise<history>,
): Promise<history & AsOf> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const reader = await openReader(client, options)
      const { read: _, ...asOf } = reader
      return { ...(await read(reader)), ...asOf }
    } catch (error) {
      if (!(error instanceof HistoryUnstableError) || attempt === attempts) throw error
    }
  }
}

/** Fixes the state, and reads the logs of its newest blocks: once, for whatever is asked for afterwards. */
async function openReader(
  client: ReadClient,
  { fromBlock: from = 0n, toBlock, maxBlockRange = 10_000, reorgDepth = 64 }: HistoryOptions,
): Promise<HistoryReader> {
  const { marketplace, registry } = client.contracts
  const chain = createRpcReader(client, {
    queries: [{ address: [marketplace, registry], topics: [] }],
    confirmations: 0,
  })
  const head = await chain.target()
  const last = await chain.block(toBlock ?? head.number)
  if (!last) throw unstable()
  const settled = smaller(last.number, head.number - BigInt(reorgDepth))
  const recent = await readRecentLogs(chain, { from: larger(from, settled + 1n), last })
  const source = { from, to: settled, maxBlockRange: BigInt(maxBlockRange), recent }
  return {
    blockNumber: last.number,
    blockHash: last.hash,
    timestamp: last.timestamp,
    read: (events) => readEvents(client, events, source),
  }
}

const smaller = (a: bigint, b: bigint) => (a < b ? a : b)
const larger = (a: bigint, b: bigint) => (a > b ? a : b)

/** Arguments of one event, or ids, in one question for logs. */
const idsAtATime = 200

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
