import { bytesToHex, type Hex, hexToBytes } from 'viem'
import type { ImmutableReferences } from '../../deploy/artifact.ts'

/** `code` with zeros where the constructor filled in immutables. */
export function maskImmutables(code: Hex, references: ImmutableReferences): Hex {
  const bytes = hexToBytes(code)
  for (const { start, length } of Object.values(references).flat()) {
    bytes.fill(0, start, start + length)
  }
  return bytesToHex(bytes)
}
