import type { Hex } from 'viem'
import type { BlockEnvironment } from '../interpreter/interpreter.ts'
import type { StateEntry, StateKey } from './stateKey.ts'
import { keyOf } from './stateKey.ts'

/** What was read of one block. It only grows, so that a worker can be sent what is new to it. */
export type BlockState = {
  /** Differs between two reads of the same block: one may have been dropped in between. */
  id: number
  blockHash: Hex
  /** Absent until the first read. */
  environment: BlockEnvironment | undefined
  entries: readonly StateEntry[]
  has(key: StateKey): boolean
  add(entries: readonly StateEntry[]): void
}

export function createBlockState(id: number, blockHash: Hex): BlockState {
  const entries: StateEntry[] = []
  const keys = new Set<string>()
  return {
    id,
    blockHash,
    environment: undefined,
    entries,
    has: (key) => keys.has(keyOf(key)),
    add(found) {
      for (const entry of found) {
        const key = keyOf(entry)
        // The first answer stays: a run must not see two values of one slot.
        if (keys.has(key)) continue
        keys.add(key)
        entries.push(entry)
      }
    },
  }
}
