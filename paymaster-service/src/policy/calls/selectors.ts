import type { Hex } from 'viem'
import type { InnerCall } from '../accounts/innerCall.ts'

/** The function that `data` calls; `0x` for none, `undefined` for data that is too short for a selector. */
export function selectorOf(data: Hex): Hex | undefined {
  if (data === '0x') return data
  return data.length < 10 ? undefined : (data.slice(0, 10).toLowerCase() as Hex)
}

/** What the inner calls of an operation call, each function once, in the order of the calls: for accounts by function. */
export function selectorsOf(calls: readonly InnerCall[]): readonly Hex[] {
  return [...new Set(calls.flatMap(({ data }) => selectorOf(data) ?? []))]
}
