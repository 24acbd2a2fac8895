import { type Hash, type Hex, hexToBigInt, isHex, keccak256, numberToHex, stringToHex } from 'viem'
import { CursorInvalidError } from '../errors/watch.ts'
import type { LogQuery } from './eventFilter.ts'
import { toChainLog } from './rpcReader.ts'
import type { ChainLog, Mark, Trail } from './trail.ts'

type CursorLog = {
  address: Hex
  topics: readonly Hex[]
  data: Hex
  transactionHash: Hash
  logIndex: Hex
}

/**
 * Where following ended, to go on there: in another process too. Plain JSON; keep it together with what was made of
 * the events, in one transaction.
 */
export type EventCursor = {
  version: 1
  chainId: number
  /** Tells the events that it was made for. */
  filter: Hash
  /** Newest block that was followed. `undefined` before the first. */
  blockNumber?: Hex | undefined
  blockHash?: Hash | undefined
  /** Last log of that block that was delivered, while there may be more of it. */
  logIndex?: number | undefined
  /** First block of interest. */
  start: Hex
  /** Whether events were forgotten that no reorganisation reaches. */
  cut: boolean
  /** Recent blocks with the logs that a reorganisation would take back, ascending. */
  blocks: readonly { number: Hex; hash: Hash; whole: boolean; logs: readonly CursorLog[] }[]
}

/** What a cursor is for. */
export type CursorScope = {
  chainId: number
  queries: readonly LogQuery[]
  /** Throws when a log is none of an event that can be decoded. */
  decode: (log: ChainLog, removed: boolean) => unknown
}

export function toCursor(trail: Trail, scope: CursorScope): EventCursor {
  const tip = trail.marks.at(-1)
  const logIndex = tip && !tip.whole ? (tip.logs.at(-1)?.logIndex ?? -1) : undefined
  return {
    version: 1,
    chainId: scope.chainId,
    filter: filterHash(scope.queries),
    ...(tip && { blockNumber: numberToHex(tip.number), blockHash: tip.hash }),
    ...(logIndex !== undefined && { logIndex }),
    start: numberToHex(trail.start),
    cut: trail.cut,
    blocks: trail.marks.map(({ number, hash, whole, logs }) => ({
      number: numberToHex(number),
      hash,
      whole,
      logs: logs.map(toCursorLog),
    })),
  }
}

/**
 * The trail of a cursor, or of its JSON text.
 * @throws {CursorInvalidError} When it is no cursor, or one of another chain or for other events.
 */
export function fromCursor(cursor: EventCursor | string, scope: CursorScope): Trail {
  const read = typeof cursor === 'string' ? parseJson(cursor) : cursor
  if (typeof read !== 'object' || read === null) throw invalid('it is no object')
  const { version, chainId, filter, start, cut, blocks } = read as Partial<EventCursor>
  if (version !== 1) throw invalid(`its version is ${String(version)} and not 1`)
  if (chainId !== scope.chainId)
    throw invalid(`it is of chain ${String(chainId)} and not of ${scope.chainId}`)
  if (filter !== filterHash(scope.queries)) throw invalid('it was made for other events')
  if (!isHex(start) || typeof cut !== 'boolean' || !Array.isArray(blocks))
    throw invalid('parts are missing')
  const marks = blocks.map((block) => toMark(block, scope))
  if (marks.some(({ number }, index) => number <= (marks[index - 1]?.number ?? -1n)))
    throw invalid('its blocks do not ascend')
  return { start: hexToBigInt(start), cut, marks }
}

function toMark(block: EventCursor['blocks'][number], { decode }: CursorScope): Mark {
  const { number, hash, whole, logs } = block ?? {}
  if (!isHex(number) || !isHex(hash) || typeof whole !== 'boolean' || !Array.isArray(logs))
    throw invalid('a block of it is none')
  try {
    const place = { blockNumber: number, blockHash: hash }
    const read = logs.map((log: CursorLog) => toChainLog({ ...log, ...place }))
    // To be taken back, it has to be told what it was.
    for (const log of read) decode(log, true)
    return { number: hexToBigInt(number), hash, whole, logs: read }
  } catch {
    throw invalid('a log of it is none')
  }
}

const toCursorLog = ({
  address,
  topics,
  data,
  transactionHash,
  logIndex,
}: ChainLog): CursorLog => ({
  address,
  topics,
  data,
  transactionHash,
  logIndex: numberToHex(logIndex),
})

/** The same for the same events, in whatever order they are named. */
const filterHash = (queries: readonly LogQuery[]): Hash =>
  keccak256(stringToHex(queries.map(queryText).toSorted().join()))

const queryText = ({ address, topics }: LogQuery) =>
  JSON.stringify([
    address.toLowerCase(),
    ...topics.map((topic) => (Array.isArray(topic) ? topic.toSorted() : topic)),
  ])

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('it is no JSON')
  }
}

const invalid = (problem: string) => new CursorInvalidError({ problem })
