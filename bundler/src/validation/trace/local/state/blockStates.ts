import type { Hex } from 'viem'
import type { BlockState } from './blockState.ts'
import { createBlockState } from './blockState.ts'

export type BlockStates = { of(blockHash: Hex): BlockState }

/** Blocks whose state is kept: the head, and those that slower traces still run on. */
const MAX_BLOCKS = 4
/** Things read of one block, after which its state begins anew: callers choose what is read. */
const MAX_ENTRIES = 50_000

/** State of the blocks used last. `drop` is told of each that is not kept any longer. */
export function createBlockStates(drop: (state: BlockState) => void): BlockStates {
  const states = new Map<Hex, BlockState>()
  let nextId = 1

  return {
    of(blockHash) {
      const known = states.get(blockHash)
      if (known && known.entries.length <= MAX_ENTRIES) {
        // To the end: what was used last is dropped last.
        states.delete(blockHash)
        states.set(blockHash, known)
        return known
      }
      const state = createBlockState(nextId++, blockHash)
      if (known) drop(known)
      states.delete(blockHash)
      states.set(blockHash, state)
      for (const [oldest, dropped] of states) {
        if (states.size <= MAX_BLOCKS) break
        states.delete(oldest)
        drop(dropped)
      }
      return state
    },
  }
}
