import type { BlockSpan } from '../contracts/blockSpan.ts'
import { ReorganisationTooDeepError } from '../errors/watch.ts'
import type { ChainReader } from './chainReader.ts'
import { readLinkedBlocks } from './readLinkedBlocks.ts'
import {
  type BlockId,
  type ChainLog,
  enterBlock,
  extend,
  leaveTip,
  type Trail,
  tipOf,
} from './trail.ts'

export type StepOptions = {
  reader: ChainReader
  /** Blocks that a reorganisation may take back. */
  depth: bigint
  /** Blocks in one question for logs, far from the head. */
  span: BlockSpan
  /** Blocks that are asked for one by one at the same time, near the head. */
  together: BlockSpan
}

/** One step along the chain: logs delivered, or taken back newest first. */
export type Step = { trail: Trail; logs: readonly ChainLog[]; removed: boolean }

/**
 * The next step from where a trail ends; `undefined` when there is none now. What the node answers is only taken when
 * it fits: blocks near the head have to follow from each other by their hashes, and their logs are asked for by hash,
 * so that a node that lags behind can leave nothing out. Deeper than `depth`, logs come by ranges.
 * @throws {ReorganisationTooDeepError} When what was delivered is no longer known so far down.
 */
export async function nextStep(trail: Trail, options: StepOptions): Promise<Step | undefined> {
  const { reader, depth } = options
  const tip = tipOf(trail)
  if (tip && !tip.whole) return finishTip(trail, options)
  const target = await reader.target()
  if (!tip) {
    if (trail.start > target.number) return undefined
    const block = await reader.block(trail.start)
    return block && { trail: enterBlock(trail, block), logs: [], removed: false }
  }
  if (target.number === tip.number && target.hash !== undefined && target.hash !== tip.hash)
    return retreat(trail, depth)
  if (target.number <= tip.number) return undefined
  return target.number - tip.number > depth
    ? followRange(trail, tip.number + 1n, target.number - depth, options)
    : followBlocks(trail, tip, target.number, options)
}

/** Delivers what is left of the newest block, after a start in its middle. */
async function finishTip(trail: Trail, { reader, depth }: StepOptions): Promise<Step | undefined> {
  const tip = tipOf(trail)
  if (!tip) return undefined
  const block = await reader.block(tip.number)
  if (!block) return undefined
  if (block.hash !== tip.hash) return retreat(trail, depth)
  const last = tip.logs.at(-1)?.logIndex ?? -1
  const logs = (await reader.logsOf(tip)).filter(({ logIndex }) => logIndex > last)
  return { trail: extend(trail, { to: tip, logs, depth }), logs, removed: false }
}

async function followBlocks(
  trail: Trail,
  tip: BlockId,
  last: bigint,
  options: StepOptions,
): Promise<Step | undefined> {
  const { reader, depth, together } = options
  const { result } = await together.ask(tip.number + 1n, last, (to) =>
    readLinkedBlocks(reader, tip, to),
  )
  const { blocks, logs } = result
  const to = blocks.at(-1)
  if (!to) return checkTip(trail, options)
  return { trail: extend(trail, { to, logs, depth }), logs, removed: false }
}

/** So deep that nothing changes any more; only the place from which it goes on is looked at again. */
async function followRange(
  trail: Trail,
  from: bigint,
  last: bigint,
  options: StepOptions,
): Promise<Step | undefined> {
  const { reader, depth, span } = options
  const { to, result: logs } = await span.ask(from, last, (to) => reader.logsBetween(from, to))
  const block = await reader.block(to)
  const moved = await checkTip(trail, options)
  if (moved || !block) return moved
  return { trail: extend(trail, { to: block, logs, depth }), logs, removed: false }
}

/** A step back when the newest block that was followed is no longer part of the chain. */
async function checkTip(trail: Trail, { reader, depth }: StepOptions): Promise<Step | undefined> {
  const tip = tipOf(trail)
  const block = tip && (await reader.block(tip.number))
  // A node without that block lags behind, which is no reorganisation.
  return block && block.hash !== tip.hash ? retreat(trail, depth) : undefined
}

function retreat(trail: Trail, depth: bigint): Step {
  const rest = leaveTip(trail)
  const tip = tipOf(trail)
  if (tip && rest.marks.length === 0 && trail.cut)
    throw new ReorganisationTooDeepError({ blockNumber: tip.number, depth })
  return { trail: rest, logs: tip?.logs.toReversed() ?? [], removed: true }
}
