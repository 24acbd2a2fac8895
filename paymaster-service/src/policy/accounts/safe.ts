import type { Address, Hex } from 'viem'
import { getAddress, toFunctionSelector, zeroAddress } from 'viem'
import { address, bytes, decodeExactly, selectorDigits, tuple, uint8, uint256 } from './abiCodec.ts'
import type { DecodedCalls, InnerCall } from './innerCall.ts'
import { maxCalls, toCall } from './innerCall.ts'

const executeSelectors: ReadonlySet<string> = new Set(
  [
    'executeUserOp(address,uint256,bytes,uint8)',
    'executeUserOpWithErrorString(address,uint256,bytes,uint8)',
  ].map((signature) => toFunctionSelector(signature)),
)
export const multiSendSelector = toFunctionSelector('multiSend(bytes)')

const operationArguments = tuple<[Address, bigint, Hex, number]>(address, uint256, bytes, uint8)
const transactions = tuple<[Hex]>(bytes)

/** Hex digits of operation (1 byte), target (20), value (32) and length of the data (32). */
const transactionHead = 2 * (1 + 20 + 32 + 32)

/**
 * A Safe with Safe4337Module: one call, or a delegatecall to a listed MultiSend, of which every
 * transaction is a call. Any other delegatecall would run code that nobody knows as the Safe.
 */
export function decodeSafe(multiSend: ReadonlySet<string>, callData: Hex): DecodedCalls {
  if (!executeSelectors.has(callData.slice(0, selectorDigits))) return undefined
  const decoded = decodeExactly(operationArguments, callData.slice(selectorDigits))
  if (!decoded) return undefined
  const [target, value, data, operation] = decoded
  if (operation === 0) return [toCall([target, value, data])]
  // A delegatecall sends nothing: a value would be lost on whoever reads it as one.
  if (operation !== 1 || value !== 0n || !multiSend.has(target.toLowerCase())) return undefined
  if (data.slice(0, selectorDigits) !== multiSendSelector) return undefined
  const [packed] = decodeExactly(transactions, data.slice(selectorDigits)) ?? []
  return packed && readTransactions(packed.slice(2))
}

function readTransactions(packed: string): DecodedCalls {
  const calls: InnerCall[] = []
  for (let start = 0; start < packed.length; ) {
    const call = readTransaction(packed, start)
    if (!call || calls.length === maxCalls) return undefined
    calls.push(call)
    start += transactionHead + call.data.length - 2
  }
  return calls
}

/** What reaches beyond the end would read what follows in memory. Newer MultiSends take zero for the Safe. */
function readTransaction(packed: string, start: number): InnerCall | undefined {
  const head = packed.slice(start, start + transactionHead)
  if (head.length !== transactionHead || !head.startsWith('00')) return undefined
  const length = head.slice(106)
  if (!length.startsWith('0'.repeat(56))) return undefined
  const begin = start + transactionHead
  const end = begin + 2 * Number.parseInt(length.slice(56), 16)
  const target = getAddress(`0x${head.slice(2, 42)}`)
  if (end > packed.length || target === zeroAddress) return undefined
  return {
    target,
    value: BigInt(`0x${head.slice(42, 106)}`),
    data: `0x${packed.slice(begin, end)}`,
  }
}
