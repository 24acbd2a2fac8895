import { isUnanswered } from '../errors/rpcError.ts'

/**
 * How many blocks are asked for at a time. Nodes limit blocks, results or time, each in its own way; and where many
 * answers are lost, few questions have a chance to be answered all.
 */
export type BlockSpan = {
  /**
   * Asks for the blocks from `from` on, `last` at most, and for fewer when the node refuses.
   * @throws What the node failed with, when it did not answer, or refuses a single block.
   */
  ask<result>(
    from: bigint,
    last: bigint,
    question: (to: bigint) => Promise<result>,
  ): Promise<{ to: bigint; result: result }>
}

/**
 * Answers about all blocks from `from` to `last`, in as many questions as it takes.
 * @throws As {@link BlockSpan} does.
 */
export async function askInSpans<part>(
  span: BlockSpan,
  { from, last }: { from: bigint; last: bigint },
  question: (from: bigint, to: bigint) => Promise<readonly part[]>,
): Promise<part[]> {
  const parts: (readonly part[])[] = []
  for (let next = from; next <= last; ) {
    const { to, result } = await span.ask(next, last, (end) => question(next, end))
    parts.push(result)
    next = to + 1n
  }
  return parts.flat()
}

/** @param maximum Blocks in one question, at the beginning and at most. */
export function createBlockSpan(maximum: bigint): BlockSpan {
  let size = maximum
  let unanswered = 0
  return {
    async ask(from, last, question) {
      for (;;) {
        const to = from + size - 1n < last ? from + size - 1n : last
        try {
          const result = await question(to)
          unanswered = 0
          size = size * 2n < maximum ? size * 2n : maximum
          return { to, result }
        } catch (error) {
          const asked = to - from + 1n
          const isRefused = !isUnanswered(error)
          unanswered = isRefused ? 0 : unanswered + 1
          // Silence may be the answer to too much as well, but once it is an accident.
          if (isRefused || unanswered > 1) size = asked > 1n ? asked / 2n : 1n
          if (asked === 1n || !isRefused) throw error
        }
      }
    },
  }
}
