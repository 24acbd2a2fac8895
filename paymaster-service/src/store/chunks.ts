/** Lengths of lists in statements: few, so that SQLite and PostgreSQL keep them compiled. */
const lengths = [64, 16, 4, 1] as const

/** The list in parts of few different lengths, for one statement each. */
export function chunks<item>(items: readonly item[]): item[][] {
  const parts: item[][] = []
  let start = 0
  for (const length of lengths) {
    for (; items.length - start >= length; start += length)
      parts.push(items.slice(start, start + length))
  }
  return parts
}
