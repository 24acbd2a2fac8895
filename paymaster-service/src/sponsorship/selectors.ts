import type { Address, Hex } from 'viem'
import { size, slice } from 'viem'
import { decodeCalls } from '../policy/decodeCalls.ts'

/** Selector of each inner call, in order; `0x` for a call without one. None for call data that is not understood: no policy sponsors it. */
export function selectorsOf(sender: Address, callData: Hex): Hex[] {
  const calls = decodeCalls(sender, callData) ?? []
  return calls.map(({ data }) => (size(data) >= 4 ? slice(data, 0, 4) : '0x'))
}
