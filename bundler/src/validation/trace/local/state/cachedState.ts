import type { Hex } from 'viem'
import type { AccountState, StateEntry } from './stateKey.ts'
import { keyOf } from './stateKey.ts'
import type { StateView } from './stateView.ts'
import { MissingStateError } from './stateView.ts'

export type CachedState = StateView & { add(entries: readonly StateEntry[]): void }

/** What was read of one block. Code is shared by all blocks: its hash says what it is. */
export function createCachedState(codes: Pick<ReadonlyMap<Hex, Uint8Array>, 'get'>): CachedState {
  const accounts = new Map<string, AccountState>()
  const slots = new Map<string, Hex>()
  const hashes = new Map<string, Hex>()

  return {
    add(entries) {
      for (const entry of entries) {
        if (entry.kind === 'account') accounts.set(keyOf(entry), entry)
        else if (entry.kind === 'slot') slots.set(keyOf(entry), entry.value)
        else hashes.set(keyOf(entry), entry.hash)
      }
    },
    account(address) {
      const key = { kind: 'account', address } as const
      return known(accounts.get(keyOf(key)), key)
    },
    code(address, codeHash) {
      const key = { kind: 'code', address, codeHash } as const
      return known(codes.get(codeHash), key)
    },
    slot(address, slot) {
      const key = { kind: 'slot', address, slot } as const
      return known(slots.get(keyOf(key)), key)
    },
    blockHash(number) {
      const key = { kind: 'blockHash', number } as const
      return known(hashes.get(keyOf(key)), key)
    },
  }
}

function known<T>(value: T | undefined, key: MissingStateError['key']): T {
  if (value === undefined) throw new MissingStateError(key)
  return value
}
