/** Bits and mask of FastLZ level 1: hash table of 2^13 positions, distances below 2^13. */
const tableSize = 1 << 13
const maxDistance = tableSize - 1
/** Bytes at the end that a match never begins in. */
const tail = 13
/** Bytes at the end that no match reaches into. */
const unmatchedEnd = 4
/** Literals that one control byte stands for. */
const maxLiterals = 32
/** Length of a match beyond its first two bytes, from which it takes a third byte, and at most. */
const longMatch = 6
const maxMatch = 262

/**
 * Length of `data` compressed by FastLZ level 1, as the OP stack measures transactions since Fjord.
 * @returns bytes
 */
export function fastLzLength(data: Uint8Array): number {
  const positions = new Uint32Array(tableSize)
  const limit = data.length - tail
  let length = 0
  let anchor = 0
  let position = 2
  while (position < limit) {
    const match = findMatch(data, positions, position, limit)
    if (!match) break
    length += literalsLength(match.position - anchor)
    const matched = countEqual(data, match.earlier + 3, match.position + 3)
    length += matchLength(matched)
    position = match.position + matched
    positions[hash(threeBytes(data, position))] = position
    positions[hash(threeBytes(data, position + 1))] = position + 1
    position += 2
    anchor = position
  }
  return length + literalsLength(data.length - anchor)
}

/** The next position whose three bytes also stand at an earlier one; every position is entered on the way. */
function findMatch(data: Uint8Array, positions: Uint32Array, start: number, limit: number) {
  for (let position = start; position < limit; position++) {
    const bytes = threeBytes(data, position)
    const slot = hash(bytes)
    const earlier = positions[slot] ?? 0
    positions[slot] = position
    // A match at the last position counts no more.
    if (position + 1 >= limit) return undefined
    if (position - earlier <= maxDistance && bytes === threeBytes(data, earlier))
      return { position, earlier }
  }
  return undefined
}

function threeBytes(data: Uint8Array, at: number): number {
  return (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16)
}

function hash(bytes: number): number {
  return (Math.imul(bytes, 2_654_435_769) >>> 19) & (tableSize - 1)
}

function countEqual(data: Uint8Array, a: number, b: number): number {
  const end = data.length - unmatchedEnd - b
  for (let count = 0; count < end; count++) {
    // The byte that differs is counted in, as the chain's own code does.
    if (data[a + count] !== data[b + count]) return count + 1
  }
  return Math.max(end, 0)
}

function literalsLength(count: number): number {
  const rest = count % maxLiterals
  return (maxLiterals + 1) * Math.floor(count / maxLiterals) + (rest === 0 ? 0 : rest + 1)
}

function matchLength(matched: number): number {
  const beyond = matched - 1
  return 3 * Math.floor(beyond / maxMatch) + (beyond % maxMatch >= longMatch ? 3 : 2)
}
