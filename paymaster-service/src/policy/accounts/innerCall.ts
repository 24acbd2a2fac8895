import type { Address, Hex } from 'viem'
import { address, bytes, list, tuple, uint256 } from './abiCodec.ts'

/** One call that an account makes. */
export type InnerCall = {
  target: Address
  /** Wei. */
  value: bigint
  data: Hex
}

/** Calls that call data stands for; `undefined` for whatever is not certain to be understood. */
export type DecodedCalls = readonly InnerCall[] | undefined

type CallTuple = readonly [target: Address, value: bigint, data: Hex]

/** Most calls in one operation: bounds the work of one request. */
export const maxCalls = 64

/** `(address target, uint256 value, bytes data)[]` */
export const calls = list(tuple<CallTuple>(address, uint256, bytes), maxCalls)

/** The same as the only argument. */
export const onlyCalls = tuple<[CallTuple[]]>(calls)

export function toCall([target, value, data]: CallTuple): InnerCall {
  return { target, value, data }
}
