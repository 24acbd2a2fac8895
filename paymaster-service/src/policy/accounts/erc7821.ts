import type { Address, Hex } from 'viem'
import { toFunctionSelector, zeroAddress } from 'viem'
import { sameAddress } from '../../addresses/sameAddress.ts'
import { bytes, decodeExactly, list, selectorDigits, tuple, word } from './abiCodec.ts'
import type { DecodedCalls, InnerCall } from './innerCall.ts'
import { calls, maxCalls, onlyCalls, toCall } from './innerCall.ts'

export const executeSelector = toFunctionSelector('execute(bytes32,bytes)')

/** A batch that reverts as a whole; the same with opData; a batch of batches. Unused bits are zero. */
export const batchMode = `01${'0'.repeat(62)}`
const opDataMode = `01000000000078210001${'0'.repeat(44)}`
const nestedMode = `01000000000078210002${'0'.repeat(44)}`

export const executeArguments = tuple<[mode: string, executionData: Hex]>(word, bytes)
const callsWithOpData = tuple<[Parameters<typeof toCall>[0][], Hex]>(calls, bytes)
const batches = tuple<[Hex[]]>(list(bytes, maxCalls))

/**
 * An account that has ERC-7821's `execute(bytes32 mode, bytes executionData)` and is nothing more
 * known. What opData would say is between the account and its makers, so it has to be empty.
 */
export function decodeErc7821(account: Address, callData: Hex): DecodedCalls {
  if (callData.slice(0, selectorDigits) !== executeSelector) return undefined
  const decoded = decodeExactly(executeArguments, callData.slice(selectorDigits))
  if (!decoded) return undefined
  const [mode, executionData] = decoded
  if (mode === batchMode) return readBatch(account, executionData.slice(2))
  if (mode === opDataMode) return readOpDataBatch(account, executionData.slice(2))
  if (mode !== nestedMode) return undefined
  const inner = decodeExactly(batches, executionData.slice(2))?.[0]
  const read = inner?.map((batch) => readOpDataBatch(account, batch.slice(2)))
  const all = read?.every((batch) => batch !== undefined) ? read.flat() : undefined
  return all && all.length <= maxCalls ? all : undefined
}

/** `abi.encode(Call[])`; a target of zero is the account itself. */
export function readBatch(account: Address, batch: string): DecodedCalls {
  return ofAccount(account, decodeExactly(onlyCalls, batch)?.[0].map(toCall))
}

/** `abi.encode(Call[])` or `abi.encode(Call[], bytes opData)`. */
function readOpDataBatch(account: Address, batch: string): DecodedCalls {
  const plain = readBatch(account, batch)
  if (plain) return plain
  const [list, opData] = decodeExactly(callsWithOpData, batch) ?? []
  return opData === '0x' ? ofAccount(account, list?.map(toCall)) : undefined
}

function ofAccount(account: Address, list: readonly InnerCall[] | undefined): DecodedCalls {
  return list?.map((call) =>
    sameAddress(call.target, zeroAddress) ? { ...call, target: account } : call,
  )
}
