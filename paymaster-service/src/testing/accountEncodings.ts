import type { Address, Hex } from 'viem'
import {
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  parseAbi,
  parseAbiParameters,
  size,
  toFunctionSelector,
} from 'viem'
import type { AccountShape } from '../policy/accounts/accountShape.ts'
import type { InnerCall } from '../policy/accounts/innerCall.ts'

/** One way in which accounts of a shape are asked for calls, as viem encodes it. */
export type AccountEncoding = {
  shape: AccountShape
  name: string
  /** Calls in one batch; 1 for functions of one call. */
  most: number
  /** Whether calls may carry ETH. */
  values: boolean
  encode(calls: readonly InnerCall[]): Hex
}

/** MultiSend of the encodings below. */
export const testMultiSend: Address = '0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526'

const abi = parseAbi([
  'struct Call { address target; uint256 value; bytes data; }',
  'function execute(bytes32 mode, bytes executionData)',
  'function executeBatch(Call[] calls)',
  'function multiSend(bytes transactions)',
])
const one = parseAbi(['function execute(address target, uint256 value, bytes data)'])
const batch06 = parseAbi(['function executeBatch(address[] targets, bytes[] data)'])
const batch07 = parseAbi([
  'function executeBatch(address[] targets, uint256[] values, bytes[] data)',
])
const safe = (name: 'executeUserOp' | 'executeUserOpWithErrorString') =>
  parseAbi([`function ${name}(address to, uint256 value, bytes data, uint8 operation)`])
const callList = parseAbiParameters([
  'Call[] calls',
  'struct Call { address target; uint256 value; bytes data; }',
])
const callListWithOpData = parseAbiParameters([
  'Call[] calls, bytes opData',
  'struct Call { address target; uint256 value; bytes data; }',
])
const executeUserOp = toFunctionSelector(
  'executeUserOp((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes),bytes32)',
)

export const modeOf = (begin: string): Hex => `0x${begin.padEnd(64, '0')}`
export const encodeList = (calls: readonly InnerCall[]): Hex =>
  encodeAbiParameters(callList, [calls])
export const encodeMode = (mode: Hex, executionData: Hex): Hex =>
  encodeFunctionData({ abi, functionName: 'execute', args: [mode, executionData] })
export const encodeBatch = (calls: readonly InnerCall[]): Hex =>
  encodeFunctionData({ abi, functionName: 'executeBatch', args: [calls] })
export const encodeSafe = (
  { target, value, data }: InnerCall,
  operation = 0,
  name: 'executeUserOp' | 'executeUserOpWithErrorString' = 'executeUserOp',
): Hex => encodeFunctionData({ abi: safe(name), args: [target, value, data, operation] })
export const packTransaction = ({ target, value, data }: InnerCall, operation = 0): Hex =>
  encodePacked(
    ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
    [operation, target, value, BigInt(size(data)), data],
  )
export const encodePackedTransactions = (packed: readonly Hex[]): Hex =>
  encodeFunctionData({ abi, functionName: 'multiSend', args: [concat(['0x', ...packed])] })
export const encodeMultiSend = (packed: readonly Hex[], to = testMultiSend): Hex =>
  encodeSafe({ target: to, value: 0n, data: encodePackedTransactions(packed) }, 1)

const encodeOne = ([call]: readonly InnerCall[]): Hex => {
  if (!call) throw new RangeError('expected one call')
  return encodeFunctionData({ abi: one, args: [call.target, call.value, call.data] })
}
const encodeBatch06 = (calls: readonly InnerCall[]) =>
  encodeFunctionData({
    abi: batch06,
    args: [calls.map(({ target }) => target), calls.map(({ data }) => data)],
  })
const encodeBatch07 = (calls: readonly InnerCall[]) =>
  encodeFunctionData({
    abi: batch07,
    args: [
      calls.map(({ target }) => target),
      calls.map(({ value }) => value),
      calls.map(({ data }) => data),
    ],
  })
const encodeWithOpData = (calls: readonly InnerCall[]) =>
  encodeAbiParameters(callListWithOpData, [calls, '0x'])
/** Batch by batch of two calls. */
const encodeNested = (calls: readonly InnerCall[]) => {
  const batches = Array.from({ length: Math.ceil(calls.length / 2) }, (_, index) =>
    encodeList(calls.slice(2 * index, 2 * index + 2)),
  )
  return encodeAbiParameters([{ type: 'bytes[]' }], [batches])
}
const encodeSingle = ([call]: readonly InnerCall[]): Hex => {
  if (!call) throw new RangeError('expected one call')
  return encodePacked(['address', 'uint256', 'bytes'], [call.target, call.value, call.data])
}

const single = { most: 1, values: true }
const batch = { most: 6, values: true }

const erc7579 = (shape: 'kernel-3' | 'erc7579'): AccountEncoding[] => [
  {
    shape,
    name: 'execute, one call',
    ...single,
    encode: (calls) => encodeMode(modeOf('0000'), encodeSingle(calls)),
  },
  {
    shape,
    name: 'execute, one call that may fail',
    ...single,
    encode: (calls) => encodeMode(modeOf('0001'), encodeSingle(calls)),
  },
  {
    shape,
    name: 'execute, batch',
    ...batch,
    encode: (calls) => encodeMode(modeOf('0100'), encodeList(calls)),
  },
  {
    shape,
    name: 'execute, batch that may fail',
    ...batch,
    encode: (calls) => encodeMode(modeOf('0101'), encodeList(calls)),
  },
]

const simple = (shape: AccountShape): AccountEncoding => ({
  shape,
  name: 'execute',
  ...single,
  encode: encodeOne,
})

/** The same behind `executeUserOp`. */
const asUserOp = (encodings: readonly AccountEncoding[]): AccountEncoding[] =>
  encodings.map(({ name, encode, ...rest }) => ({
    ...rest,
    name: `executeUserOp, ${name}`,
    encode: (calls) => concat([executeUserOp, encode(calls)]),
  }))

const fabstir: readonly AccountEncoding[] = [
  {
    shape: 'fabstir',
    name: 'execute',
    ...batch,
    encode: (calls) => encodeMode(modeOf('01'), encodeList(calls)),
  },
  { shape: 'fabstir', name: 'executeBatch', ...batch, encode: encodeBatch },
]

/** Every form that is understood. */
export const accountEncodings: readonly AccountEncoding[] = [
  ...fabstir,
  ...asUserOp(fabstir),
  {
    shape: 'erc7821',
    name: 'execute',
    ...batch,
    encode: (calls) => encodeMode(modeOf('01'), encodeList(calls)),
  },
  {
    shape: 'erc7821',
    name: 'execute with opData left out',
    ...batch,
    encode: (calls) => encodeMode(modeOf('01000000000078210001'), encodeList(calls)),
  },
  {
    shape: 'erc7821',
    name: 'execute with empty opData',
    ...batch,
    encode: (calls) => encodeMode(modeOf('01000000000078210001'), encodeWithOpData(calls)),
  },
  {
    shape: 'erc7821',
    name: 'execute, batch of batches',
    ...batch,
    encode: (calls) => encodeMode(modeOf('01000000000078210002'), encodeNested(calls)),
  },
  simple('simple-0.6'),
  { shape: 'simple-0.6', name: 'executeBatch', most: 6, values: false, encode: encodeBatch06 },
  simple('simple-0.7'),
  { shape: 'simple-0.7', name: 'executeBatch', ...batch, encode: encodeBatch07 },
  simple('simple-0.8'),
  { shape: 'simple-0.8', name: 'executeBatch', ...batch, encode: encodeBatch },
  simple('coinbase'),
  { shape: 'coinbase', name: 'executeBatch', ...batch, encode: encodeBatch },
  {
    shape: 'safe-4337',
    name: 'executeUserOp',
    ...single,
    encode: ([call]) => encodeSafe(call ?? { target: testMultiSend, value: 0n, data: '0x' }),
  },
  {
    shape: 'safe-4337',
    name: 'executeUserOpWithErrorString',
    ...single,
    encode: ([call]) =>
      encodeSafe(
        call ?? { target: testMultiSend, value: 0n, data: '0x' },
        0,
        'executeUserOpWithErrorString',
      ),
  },
  {
    shape: 'safe-4337',
    name: 'multiSend',
    ...batch,
    encode: (calls) => encodeMultiSend(calls.map((call) => packTransaction(call))),
  },
  ...erc7579('kernel-3'),
  ...erc7579('erc7579'),
  ...asUserOp(erc7579('erc7579')),
]
