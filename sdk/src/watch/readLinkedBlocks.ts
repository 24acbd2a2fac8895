import type { Block, ChainReader } from './chainReader.ts'
import type { BlockId, ChainLog } from './trail.ts'

/** Blocks that are asked for at the same time; each of them takes two questions or more. */
export const blocksTogether = 16n

/**
 * Blocks after `tip` with their logs, as far as they follow from each other by their hashes. Logs are asked for by
 * those hashes, so that a node that lags behind can leave nothing out.
 */
export async function readLinkedBlocks(
  reader: Pick<ChainReader, 'block' | 'logsOf'>,
  tip: BlockId,
  to: bigint,
): Promise<{ blocks: readonly Block[]; logs: readonly ChainLog[] }> {
  const from = tip.number + 1n
  const numbers = Array.from({ length: Number(to - from) + 1 }, (_, index) => from + BigInt(index))
  const found = await Promise.all(numbers.map((number) => reader.block(number)))
  const blocks = linkedTo(tip.hash, found)
  const logs = await Promise.all(blocks.map((block) => reader.logsOf(block)))
  return { blocks, logs: logs.flat() }
}

/** Blocks that follow from the hash, one from the other. */
function linkedTo(hash: Block['hash'], blocks: readonly (Block | undefined)[]): Block[] {
  const linked: Block[] = []
  for (const block of blocks) {
    if (block?.parentHash !== (linked.at(-1)?.hash ?? hash)) break
    linked.push(block)
  }
  return linked
}
