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
const multiSendSelector = toFunctionSelector('multiSend(bytes)')

const operationArguments = tuple<[Address, bigint, Hex, number]>(address, uint256, bytes, uint8)
const packedTransactions = tuple<[Hex]>(bytes)

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
  const transactions = readMultiSend(data)
  return transactions?.every(({ delegates }) => !delegates) ? transactions.map(toInner) : undefined
}

/** A transaction of a MultiSend. */
export type SafeTransaction = InnerCall & { delegates: boolean }

/** What `multiSend(bytes)` is called with; `undefined` for other functions and other encodings. */
export function readMultiSend(data: Hex): readonly SafeTransaction[] | undefined {
  if (data.slice(0, selectorDigits) !== multiSendSelector) return undefined
  const [encoded] = decodeExactly(packedTransactions, data.slice(selectorDigits)) ?? []
  const packed = encoded?.slice(2) ?? ''
  const transactions: SafeTransaction[] = []
  for (let start = 0; start < packed.length; ) {
    const transaction = readTransaction(packed, start)
    if (!transaction || transactions.length === maxCalls) return undefined
    transactions.push(transaction)
    start += transactionHead + transaction.data.length - 2
  }
  return encoded === undefined ? undefined : transactions
}

/** What reaches beyond the end would read what follows in memory. Newer MultiSends take zero for the Safe. */
function readTransaction(packed: string, start: number): SafeTransaction | undefined {
  const head = packed.slice(start, start + transactionHead)
  if (head.length !== transactionHead || !/^0[01]/.test(head)) return undefined
  const length = head.slice(106)
  if (!length.startsWith('0'.repeat(56))) return undefined
  const begin = start + transactionHead
  const end = begin + 2 * Number.parseInt(length.slice(56), 16)
  const target = getAddress(`0x${head.slice(2, 42)}`)
  if (end > packed.length || target === zeroAddress) return undefined
  return {
    delegates: head.startsWith('01'),
    target,
    value: BigInt(`0x${head.slice(42, 106)}`),
    data: `0x${packed.slice(begin, end)}`,
  }
}

function toInner({ target, value, data }: SafeTransaction): InnerCall {
  return { target, value, data }
}
