import type { Hex } from 'viem'
import type { BlockEnvironment, InterpretedCall } from '../interpreter/interpreter.ts'
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
  /** Whether the same call ran to its end here: all that it reads is known. */
  wasTraced(call: InterpretedCall): boolean
  markTraced(call: InterpretedCall): void
}

/** Calls of which it is known that they ran; each holds its calldata. */
const MAX_TRACED = 1_000

export function createBlockState(id: number, blockHash: Hex): BlockState {
  const entries: StateEntry[] = []
  const keys = new Set<string>()
  const traced = new Set<string>()
  return {
    id,
    blockHash,
    environment: undefined,
    entries,
    has: (key) => keys.has(keyOf(key)),
    wasTraced: (call) => traced.has(nameOf(call)),
    markTraced(call) {
      if (traced.size >= MAX_TRACED) traced.clear()
      traced.add(nameOf(call))
    },
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

/** Overrides may differ under one name: it only tells whether it is worth the while to ask the node first. */
function nameOf({ to, data }: InterpretedCall): string {
  return `${to}${data}`
}
