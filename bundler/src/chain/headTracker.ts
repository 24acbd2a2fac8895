import type { Address, Hex } from 'viem'
import type { BlockRef } from '../types/bundle.ts'
import type { Block, RpcLog } from './block.ts'
import { getBlock, getBlockByHash, getBlockLogs } from './blocks.ts'
import { getLogsInRanges } from './logRanges.ts'
import type { ChainReader } from './reader.ts'

/** Blocks that a reorg can undo. */
export const REORG_DEPTH = 64
/** Polls in a row, and milliseconds, that must see no progress before blocks count as removed. */
const POLLS_BEFORE_GOING_BACK = 5
const MS_BEFORE_GOING_BACK = 1_500

/** How the canonical chain differs from what was known. */
export type HeadChange = {
  head: Block
  /** Blocks that are no longer canonical, oldest first. */
  removed: BlockRef[]
  /** New canonical blocks, oldest first. A long catch-up lists the last `REORG_DEPTH` only. */
  added: BlockRef[]
  /** Logs of the watched addresses in all new blocks, in order. */
  logs: RpcLog[]
}

export type HeadTracker = {
  /**
   * Compares the node's head with what is known; `undefined` when there is nothing new (or a reorg is under way).
   * @param announced A head that the node told by itself; otherwise it is asked.
   */
  poll(announced?: Block): Promise<HeadChange | undefined>
  /** Takes a change over. Until then `poll` reports it again, so a failure in between loses nothing. */
  advance(change: HeadChange): void
  /** Newest known block. */
  last(): BlockRef | undefined
}

/**
 * Follows the canonical chain by block hashes.
 * @param known Blocks known from before, oldest first; empty to begin at the current head.
 */
export function createHeadTracker(deps: {
  reader: Pick<ChainReader, 'request'>
  addresses: readonly Address[]
  known?: readonly BlockRef[]
  /** Called in the turn in which the logs of a new head are asked for: other requests can go with them. */
  alongside?: (head: Block) => void
  /** Unix milliseconds. */
  now: () => number
}): HeadTracker {
  const { reader, addresses, now, alongside = () => undefined } = deps
  let history: BlockRef[] = [...(deps.known ?? [])]
  let behindSince: { polls: number; at: number } | undefined
  // After a restart the newest block may be known already, but nobody here has seen its header.
  let reported = false

  /** Walks back from `head` until a known parent; `undefined` when the node lost a block on the way. */
  async function walkBack(head: Block): Promise<Block[] | undefined> {
    const path = [head]
    const oldest = history[0]?.number ?? head.number
    const known = new Set<Hex>(history.map(({ hash }) => hash))
    for (let block = head; !known.has(block.parentHash) && block.number > oldest; ) {
      if (path.length > 2 * REORG_DEPTH) return undefined
      const parent = await getBlockByHash(reader, block.parentHash)
      if (!parent) return undefined
      path.unshift(parent)
      block = parent
    }
    return path
  }

  async function step(head: Block): Promise<HeadChange | undefined> {
    const path = await walkBack(head)
    const first = path?.[0]
    if (!path || !first) return undefined
    const asked = path.map(({ hash }) => getBlockLogs(reader, hash, addresses))
    alongside(head)
    const logs = await Promise.all(asked)
    return { head, removed: removedFrom(first.parentHash), added: path.map(ref), logs: logs.flat() }
  }

  /** Known blocks behind the one with hash `ancestor`; all of them when it is not known. */
  function removedFrom(ancestor: Hex): BlockRef[] {
    return history.slice(history.findIndex(({ hash }) => hash === ancestor) + 1)
  }

  /** For gaps that are too long for single blocks, such as after a stop of hours. */
  async function catchUp(head: Block): Promise<HeadChange | undefined> {
    let canonical: BlockRef | undefined
    for (const block of history.toReversed()) {
      if ((await getBlock(reader, block.number))?.hash === block.hash) {
        canonical = block
        break
      }
    }
    const start = canonical ? canonical.number + 1 : (history[0]?.number ?? head.number)
    alongside(head)
    const logs = await getLogsInRanges(reader, { from: start, to: head.number, addresses })
    const added: BlockRef[] = [ref(head)]
    for (let block = head; added.length < REORG_DEPTH && block.number > start; ) {
      const parent = await getBlockByHash(reader, block.parentHash)
      if (!parent) return undefined
      added.unshift(ref(parent))
      block = parent
    }
    // Asked by number: only when the head is still the same do the logs belong to this chain.
    if ((await getBlock(reader, head.number))?.hash !== head.hash) return undefined
    const removed = canonical ? removedFrom(canonical.hash) : [...history]
    return { head, removed, added, logs }
  }

  return {
    async poll(announced) {
      const head = announced ?? (await getBlock(reader, 'latest'))
      const last = history.at(-1)
      if (!head) return undefined
      if (head.hash === last?.hash) {
        behindSince = undefined
        if (reported) return undefined
        alongside(head)
        return { head, removed: [], added: [], logs: [] }
      }
      if (!last) {
        alongside(head)
        return { head, removed: [], added: [ref(head)], logs: [] }
      }
      if (head.number <= last.number) {
        // Behind a load balancer an older block is a lagging replica, and another block of the same
        // height one on another fork. Only a node that stays there has really gone back
        // (`debug_setHead`, `evm_revert`) or changed over; a fork that wins grows, and counts at once.
        behindSince ??= { polls: 0, at: now() }
        behindSince.polls += 1
        const { polls, at } = behindSince
        if (polls < POLLS_BEFORE_GOING_BACK || now() - at < MS_BEFORE_GOING_BACK) return undefined
      } else behindSince = undefined
      const behind = history.findIndex(({ hash }) => hash === head.hash)
      if (behind >= 0) {
        alongside(head)
        return { head, removed: history.slice(behind + 1), added: [], logs: [] }
      }
      return head.number - last.number > REORG_DEPTH ? catchUp(head) : step(head)
    },
    advance({ removed, added }) {
      behindSince = undefined
      reported = true
      const gone = new Set(removed.map(({ hash }) => hash))
      history = [...history.filter(({ hash }) => !gone.has(hash)), ...added].slice(-REORG_DEPTH)
    },
    last: () => history.at(-1),
  }
}

function ref({ number, hash }: Block): BlockRef {
  return { number, hash }
}
