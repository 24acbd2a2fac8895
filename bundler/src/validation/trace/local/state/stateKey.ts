import type { Address, Hex } from 'viem'

/** One thing that a run reads from the node. Addresses and words are in lower case. */
export type StateKey =
  | { kind: 'account'; address: Address }
  | { kind: 'slot'; address: Address; slot: Hex }
  /** Code is asked for by its account and known by its hash. */
  | { kind: 'code'; address: Address; codeHash: Hex }
  | { kind: 'blockHash'; number: bigint }

export type AccountState = {
  /** Wei. */
  balance: bigint
  nonce: bigint
  /** Hash of no bytes for an account without code. */
  codeHash: Hex
}

/** What the node answered. */
export type StateEntry =
  | ({ kind: 'account'; address: Address } & AccountState)
  | { kind: 'slot'; address: Address; slot: Hex; value: Hex }
  | { kind: 'blockHash'; number: bigint; hash: Hex }

/** Names a key or an entry, so that both can be found in one set. */
export function keyOf(key: StateKey | StateEntry): string {
  switch (key.kind) {
    case 'account':
      return key.address
    case 'slot':
      return `${key.address}${key.slot}`
    case 'code':
      return key.codeHash
    case 'blockHash':
      return `${key.number}`
  }
}

/** keccak256 of no bytes. */
export const emptyCodeHash: Hex =
  '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'

/** A 32-byte word of zeros. */
export const zeroWord: Hex = `0x${'0'.repeat(64)}`
