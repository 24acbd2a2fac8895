import type { Address, Hex } from 'viem'
import { toFunctionSelector } from 'viem'
import { address, bytes, decodeExactly, list, selectorDigits, tuple, uint256 } from './abiCodec.ts'
import type { DecodedCalls } from './innerCall.ts'
import { maxCalls, onlyCalls, toCall } from './innerCall.ts'

const executeSelector = toFunctionSelector('execute(address,uint256,bytes)')
const batchSelectors = {
  '0.6': toFunctionSelector('executeBatch(address[],bytes[])'),
  '0.7': toFunctionSelector('executeBatch(address[],uint256[],bytes[])'),
  '0.8': toFunctionSelector('executeBatch((address,uint256,bytes)[])'),
} as const

const oneCall = tuple<Parameters<typeof toCall>[0]>(address, uint256, bytes)
const batch06 = tuple<[Address[], Hex[]]>(list(address, maxCalls), list(bytes, maxCalls))
const batch07 = tuple<[Address[], bigint[], Hex[]]>(
  list(address, maxCalls),
  list(uint256, maxCalls),
  list(bytes, maxCalls),
)

/** The version of eth-infinitism's contracts that an account is from. */
export type SimpleVersion = keyof typeof batchSelectors

/**
 * SimpleAccount, and what has its functions: `execute(address,uint256,bytes)` and the `executeBatch`
 * of its version. 0.8 is Simple7702Account and Coinbase Smart Wallet as well.
 */
export function decodeSimple(version: SimpleVersion, callData: Hex): DecodedCalls {
  const selector = callData.slice(0, selectorDigits)
  const parameters = callData.slice(selectorDigits)
  if (selector === executeSelector) {
    const decoded = decodeExactly(oneCall, parameters)
    return decoded && [toCall(decoded)]
  }
  if (selector !== batchSelectors[version]) return undefined
  if (version === '0.8') return decodeExactly(onlyCalls, parameters)?.[0].map(toCall)
  return version === '0.7' ? readBatch07(parameters) : readBatch06(parameters)
}

function readBatch06(parameters: string): DecodedCalls {
  const [targets, data] = decodeExactly(batch06, parameters) ?? []
  if (targets === undefined || targets.length !== data?.length) return undefined
  return targets.map((target, index) => ({ target, value: 0n, data: data[index] ?? '0x' }))
}

/** No values at all stand for zeros. */
function readBatch07(parameters: string): DecodedCalls {
  const [targets, values, data] = decodeExactly(batch07, parameters) ?? []
  if (targets === undefined || values === undefined || targets.length !== data?.length)
    return undefined
  if (values.length !== 0 && values.length !== targets.length) return undefined
  return targets.map((target, index) => ({
    target,
    value: values[index] ?? 0n,
    data: data[index] ?? '0x',
  }))
}
