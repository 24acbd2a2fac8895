import type { Hex } from 'viem'
import type { CallParameters, CallResult, ChainReader } from './reader.ts'
import { ChainError } from './reader.ts'

/** `eth_call` through any `request` function; reverts become values. */
export async function callOver(
  request: ChainReader['request'],
  { to, data, from, gas, gasPrice, stateOverride, time, blockTag = 'latest' }: CallParameters,
): Promise<CallResult> {
  const transaction = {
    to,
    data,
    ...(from && { from }),
    ...(gas !== undefined && { gas: `0x${gas.toString(16)}` }),
    ...(gasPrice !== undefined && { gasPrice: `0x${gasPrice.toString(16)}` }),
  }
  const params: unknown[] = [transaction, blockTag]
  if (time !== undefined) params.push(stateOverride ?? {}, { time: `0x${time.toString(16)}` })
  else if (stateOverride) params.push(stateOverride)
  try {
    return { ok: true, data: (await request('eth_call', params)) as Hex }
  } catch (error) {
    if (error instanceof ChainError && isRevert(error)) {
      return { ok: false, data: error.data ?? '0x', message: error.message }
    }
    throw error
  }
}

/** Exceptional halts in the words of geth, and what anvil puts before the name of any halt. */
const haltMessages =
  /EVM error|out of gas|invalid opcode|invalid jump|stack (?:under|over)flow|stack limit|return data out of bounds|write protection|gas uint64 overflow/i

/**
 * Nodes disagree on the code of a revert (3, -32000, -32015): bytes or wording decide. A halt counts as
 * one: whoever is called can bring it about, so it must not look like a fault of the node.
 */
export function isRevert(error: ChainError): boolean {
  return (
    error.data !== undefined ||
    error.code === 3 ||
    /revert/i.test(error.message) ||
    haltMessages.test(error.message)
  )
}
