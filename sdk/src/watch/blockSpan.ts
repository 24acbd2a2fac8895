import { isUnanswered } from '../errors/rpcError.ts'

/**
 * How many blocks are asked for at a time. Nodes limit blocks, results or time, each in its own way; and where many
 * answers are lost, few questions have a chance to be answered all.
 */
export type BlockSpan = {
  readonly size: bigint
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

/** @param maximum Blocks in one question, at the beginning and at most. */
export function createBlockSpan(maximum: bigint): BlockSpan {
  let size = maximum
  let unanswered = 0
  return {
    get size() {
      return size
    },
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
