import type { Hex } from 'viem'

export type CodeCache = {
  get(codeHash: Hex): Uint8Array | undefined
  set(codeHash: Hex, code: Uint8Array): void
}

/** Code by its hash, which says what it is for ever; the oldest goes first when `maxBytes` are full. */
export function createCodeCache(maxBytes: number): CodeCache {
  const codes = new Map<Hex, Uint8Array>()
  let bytes = 0
  return {
    get: (codeHash) => codes.get(codeHash),
    set(codeHash, code) {
      if (codes.has(codeHash)) return
      codes.set(codeHash, code)
      bytes += code.length
      for (const [oldest, { length }] of codes) {
        if (bytes <= maxBytes) return
        codes.delete(oldest)
        bytes -= length
      }
    },
  }
}
