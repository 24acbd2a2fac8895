import { createBlockSpan } from '../contracts/blockSpan.ts'
import { RequestRefusedError } from '../errors/transport.ts'
import type { ChainReader } from '../watch/chainReader.ts'
import { blocksTogether, readLinkedBlocks } from '../watch/readLinkedBlocks.ts'
import type { BlockId, ChainLog } from '../watch/trail.ts'
import { unstable } from './unstable.ts'

/**
 * Logs of the blocks from `from` to `last`, each asked for by the hash that leads to that of `last`.
 * @throws {HistoryUnstableError} When the node does not have such a block, or has another one.
 */
export async function readRecentLogs(
  reader: ChainReader,
  { from, last }: { from: bigint; last: BlockId },
): Promise<readonly ChainLog[]> {
  if (from > last.number) return []
  const first = await reader.block(from)
  if (!first) throw unstable()
  const together = createBlockSpan(blocksTogether)
  const parts: (readonly ChainLog[])[] = []
  let tip: BlockId = { number: from - 1n, hash: first.parentHash }
  while (tip.number < last.number) {
    const { blocks, logs } = await readOn(reader, { tip, last: last.number, together })
    const next = blocks.at(-1)
    if (!next) throw unstable()
    parts.push(logs)
    tip = next
  }
  if (tip.hash !== last.hash) throw unstable()
  return parts.flat()
}

async function readOn(
  reader: ChainReader,
  {
    tip,
    last,
    together,
  }: { tip: BlockId; last: bigint; together: ReturnType<typeof createBlockSpan> },
) {
  try {
    const { result } = await together.ask(tip.number + 1n, last, (to) =>
      readLinkedBlocks(reader, tip, to),
    )
    return result
  } catch (error) {
    // Of a block that it does not know, a node has no logs to give.
    throw error instanceof RequestRefusedError ? unstable(error) : error
  }
}
