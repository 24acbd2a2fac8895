import { getBlock } from './blocks.ts'
import type { ChainReader } from './reader.ts'
import { ChainError } from './reader.ts'

/** Blocks that this bundler may be behind the node: more than a burst between two polls. */
const MAX_BLOCKS_BEHIND = 10

export type NodeCheckOptions = {
  /** Newest settled block; `undefined` until the node has answered once. */
  settled: { number: number } | undefined
  /** Seconds that the newest block may be old; 0 for any age. */
  maxHeadAge: number
  /** Unix milliseconds. */
  now: number
}

/**
 * Whether the node answers, is at the head of its chain, and is followed by this bundler.
 * @returns `true`, or what is wrong.
 * @throws RpcError `nodeUnavailable`.
 */
export async function checkNode(
  reader: Pick<ChainReader, 'request'>,
  { settled, maxHeadAge, now }: NodeCheckOptions,
): Promise<true | string> {
  const [latest, syncing] = await Promise.all([getBlock(reader, 'latest'), isSyncing(reader)])
  if (syncing) return 'the node is syncing'
  if (!latest) return 'the node has no newest block'
  if (!settled) return 'the chain has not been read yet'
  const behind = latest.number - settled.number
  if (behind > MAX_BLOCKS_BEHIND) {
    return `block ${settled.number} is the last one settled, ${behind} behind the node (at most ${MAX_BLOCKS_BEHIND})`
  }
  const age = Math.floor(now / 1_000) - latest.timestamp
  if (maxHeadAge > 0 && age > maxHeadAge) {
    return `the newest block ${latest.number} of the node is ${age} seconds old (at most ${maxHeadAge})`
  }
  return true
}

/** Some providers do not offer `eth_syncing`; they are not asked to. */
async function isSyncing(reader: Pick<ChainReader, 'request'>): Promise<boolean> {
  try {
    const answer = await reader.request('eth_syncing', [])
    return answer !== false && answer !== null
  } catch (error) {
    if (error instanceof ChainError) return false
    throw error
  }
}
