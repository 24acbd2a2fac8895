/** Answers of one order, outside of the heap. */
export type AnswerLog = {
  /** @param parts The answer, in the parts that came. */
  keep(index: number, parts: readonly Uint8Array[]): void
  /** In the order of the indexes; empty where nothing was kept. */
  texts(): string[]
}

const chunkBytes = 16 << 20

/**
 * Keeps answers in a few large buffers. As strings all of them outlive a collection of the load process, which stopped
 * it for 25 to 45 ms every two seconds: time that every request in flight seemed to take.
 */
export function createAnswerLog(answers: number): AnswerLog {
  const chunks: Buffer[] = []
  const chunkOf = new Uint32Array(answers)
  const startOf = new Uint32Array(answers)
  const sizeOf = new Uint32Array(answers)
  let used = 0

  /** With room for `size` bytes. */
  function openChunk(size: number): Buffer {
    const last = chunks.at(-1)
    if (last && used + size <= last.length) return last
    const chunk = Buffer.alloc(Math.max(chunkBytes, size))
    chunks.push(chunk)
    used = 0
    return chunk
  }

  return {
    keep(index, parts) {
      const size = parts.reduce((sum, { length }) => sum + length, 0)
      const chunk = openChunk(size)
      chunkOf[index] = chunks.length - 1
      startOf[index] = used
      sizeOf[index] = size
      for (const part of parts) {
        chunk.set(part, used)
        used += part.length
      }
    },
    texts: () =>
      Array.from(sizeOf, (size, index) => {
        const start = startOf[index] ?? 0
        return chunks[chunkOf[index] ?? 0]?.toString('utf8', start, start + size) ?? ''
      }),
  }
}
