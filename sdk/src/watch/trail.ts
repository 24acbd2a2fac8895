import type { Hash, Hex } from 'viem'

/** A log as the node gives it. */
export type ChainLog = {
  address: Hex
  topics: readonly Hex[]
  data: Hex
  blockNumber: bigint
  blockHash: Hash
  transactionHash: Hash
  logIndex: number
}

/** A block by number and hash. */
export type BlockId = { number: bigint; hash: Hash }

/** A block that was followed. */
export type Mark = BlockId & {
  /** Its logs that were delivered, in their order. */
  logs: readonly ChainLog[]
  /** Whether that is all of them. */
  whole: boolean
}

/**
 * How far the chain was followed: what was delivered and can still be taken back, and some blocks between to find the
 * place where two chains part. A value: every step makes a new one.
 */
export type Trail = {
  /** First block whose logs are delivered. */
  start: bigint
  /** Ascending; none before `start` exists. */
  marks: readonly Mark[]
  /** Whether deliveries were forgotten because a reorganisation as deep as they lie is ruled out. */
  cut: boolean
}

/** Blocks without logs that are remembered: the newest ones, and one in so many before. */
const newestKept = 8n
const keptGrid = 16n

/** The newest block that was followed; `undefined` before the first. */
export const tipOf = ({ marks }: Trail): Mark | undefined => marks.at(-1)

/** A trail at the beginning of a block, of which nothing is delivered yet; of those before, everything is. */
export const enterBlock = (trail: Trail, { number, hash }: BlockId): Trail => ({
  ...trail,
  marks: [...wholeMarks(trail), { number, hash, logs: [], whole: false }],
})

/** One more log delivered. */
export function deliver(trail: Trail, log: ChainLog): Trail {
  const tip = tipOf(trail)
  if (tip?.hash !== log.blockHash)
    return deliver(enterBlock(trail, { number: log.blockNumber, hash: log.blockHash }), log)
  return withTip(trail, { ...tip, logs: [...tip.logs, log], whole: false })
}

/** The last log taken back. */
export function takeBack(trail: Trail): Trail {
  const tip = tipOf(trail)
  return tip ? withTip(trail, { ...tip, logs: tip.logs.slice(0, -1), whole: false }) : trail
}

/** The tip, which is no longer part of the chain, forgotten. */
export const leaveTip = (trail: Trail): Trail => ({ ...trail, marks: trail.marks.slice(0, -1) })

/**
 * Everything up to a block delivered: these logs, and no others.
 * @param depth Blocks that a reorganisation may take back.
 */
export function extend(
  trail: Trail,
  { to, logs, depth }: { to: BlockId; logs: readonly ChainLog[]; depth: bigint },
): Trail {
  const delivered = logs.reduce(deliver, trail)
  const closed = wholeMarks(delivered)
  const marks =
    closed.at(-1)?.hash === to.hash ? closed : [...closed, { ...to, logs: [], whole: true }]
  return prune({ ...delivered, marks }, depth)
}

/** What a reorganisation can reach, and the newest block that it cannot. */
function prune({ start, marks, cut }: Trail, depth: bigint): Trail {
  const newest = marks.at(-1)?.number ?? start
  const base = marks.findLastIndex(({ number }) => number + depth <= newest)
  const forgotten = marks.slice(0, base + 1).some(({ logs }) => logs.length > 0)
  return {
    start,
    cut: cut || forgotten,
    marks: marks.flatMap((mark, index) => {
      if (index < base) return []
      if (index === base) return [{ ...mark, logs: [] }]
      const isKept =
        mark.logs.length > 0 || mark.number + newestKept > newest || mark.number % keptGrid === 0n
      return isKept ? [mark] : []
    }),
  }
}

const wholeMarks = ({ marks }: Trail): readonly Mark[] =>
  marks.map((mark) => (mark.whole ? mark : { ...mark, whole: true }))

const withTip = (trail: Trail, tip: Mark): Trail => ({
  ...trail,
  marks: trail.marks.with(-1, tip),
})
