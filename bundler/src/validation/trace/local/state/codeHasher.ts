import { hexToBytes } from '@ethereumjs/util'
import type { Hex } from 'viem'
import { keccak256 } from './keccak256.ts'
import { emptyCodeHash } from './stateKey.ts'

export type HashedCode = { codeHash: Hex; code: Uint8Array }
export type CodeHasher = (code: Hex) => HashedCode

function hashCode(hex: Hex): HashedCode {
  const code = hexToBytes(hex)
  return { code, codeHash: code.length === 0 ? emptyCodeHash : keccak256(code) }
}

/** Hashes code that comes again and again: the results for the `maxCodes` used last are kept. */
export function createCodeHasher(maxCodes: number): CodeHasher {
  const known = new Map<Hex, HashedCode>()
  return (code) => {
    const hashed = known.get(code) ?? hashCode(code)
    // To the end: what was used last is dropped last.
    known.delete(code)
    known.set(code, hashed)
    for (const oldest of known.keys()) {
      if (known.size <= maxCodes) break
      known.delete(oldest)
    }
    return hashed
  }
}
