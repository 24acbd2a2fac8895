import { concat, type Hex, keccak256, zeroHash } from 'viem'

export type MerkleTree = { root: Hex; proofOf(leaf: Hex): Hex[] }

/**
 * A tree whose proofs OpenZeppelin's MerkleProof verifies: pairs are hashed in ascending order, an odd node moves up.
 * @throws RangeError from `proofOf` for a leaf that is not in it.
 */
export function merkleTree(leaves: readonly Hex[]): MerkleTree {
  const levels: Hex[][] = [[...leaves].toSorted()]
  for (let level = levels[0] ?? []; level.length > 1; ) {
    const above: Hex[] = []
    for (let i = 0; i < level.length; i += 2) above.push(parent(level[i], level[i + 1]))
    levels.push(above)
    level = above
  }
  return {
    root: levels.at(-1)?.[0] ?? zeroHash,
    proofOf(leaf) {
      let position = levels[0]?.indexOf(leaf) ?? -1
      if (position < 0) throw new RangeError(`${leaf} is not a leaf`)
      const proof: Hex[] = []
      for (const level of levels.slice(0, -1)) {
        const sibling = level[position % 2 === 0 ? position + 1 : position - 1]
        if (sibling) proof.push(sibling)
        position = Math.floor(position / 2)
      }
      return proof
    },
  }
}

function parent(left: Hex | undefined, right: Hex | undefined): Hex {
  if (!left) throw new RangeError('a node without children')
  if (!right) return left
  return keccak256(concat(left < right ? [left, right] : [right, left]))
}
