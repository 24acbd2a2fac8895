import { hexToBytes } from '@ethereumjs/util'
import { BoundedMap } from '@fabstir/service/collections'
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
  const known = new BoundedMap<Hex, HashedCode>(maxCodes)
  return (code) => {
    const hashed = known.get(code) ?? hashCode(code)
    // To the end: what was used last is dropped last.
    known.set(code, hashed)
    return hashed
  }
}
