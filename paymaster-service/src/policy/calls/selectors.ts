import type { Hex } from 'viem'
import type { InnerCall } from '../accounts/innerCall.ts'

/** The function that `data` calls; `0x` for none, `undefined` for data that is too short for a selector. */
export function selectorOf(data: Hex): Hex | undefined {
  if (data === '0x') return data
  return data.length < 10 ? undefined : (data.slice(0, 10).toLowerCase() as Hex)
}

/** The function of each inner call, in order; `0x` for a call without one: for accounts by function. */
export function selectorsOf(calls: readonly InnerCall[]): readonly Hex[] {
  return calls.map(({ data }) => selectorOf(data) ?? '0x')
}
