import type { Address, Hex } from 'viem'
import { hexToBigInt } from 'viem'
import { isBusy } from './httpChainReader.ts'
import type { ChainReader } from './reader.ts'
import { ChainError } from './reader.ts'

const probe: Address = '0x00000000000000000000000000000000f0be0009'
/** return(TIMESTAMP) */
const timestampCode: Hex = '0x4260005260206000f3'
/** Unix seconds: a time to come. */
const askedTime = 4_000_000_000n

/**
 * Whether the node runs calls at the time that it is told: `eth_call` with block overrides, which not all have.
 * @throws RpcError `nodeUnavailable`, ChainError of a node that has too much to do.
 */
export async function takesBlockTime(reader: Pick<ChainReader, 'call'>): Promise<boolean> {
  try {
    const stateOverride = { [probe]: { code: timestampCode } }
    const call = { to: probe, data: '0x', gas: 100_000n, stateOverride, time: askedTime } as const
    const result = await reader.call(call)
    return result.ok && result.data !== '0x' && hexToBigInt(result.data) === askedTime
  } catch (error) {
    // Most that do not know the parameter refuse the call.
    if (error instanceof ChainError && !isBusy(error)) return false
    throw error
  }
}
