import type { Address, Hex } from 'viem'
import { toFunctionSelector } from 'viem'
import { decodeErc7579, decodeKernel } from './erc7579.ts'
import { decodeErc7821 } from './erc7821.ts'
import { decodeFabstir } from './fabstir.ts'
import type { DecodedCalls } from './innerCall.ts'
import { decodeSafe } from './safe.ts'
import { decodeSimple } from './simple.ts'

/**
 * How an account reads its call data. A document names it with the code, factory or delegate, so
 * that call data is never read as another account would read it.
 */
export const accountShapes = [
  'fabstir',
  'erc7821',
  'simple-0.6',
  'simple-0.7',
  'simple-0.8',
  'safe-4337',
  'kernel-3',
  'coinbase',
  'erc7579',
] as const

export type AccountShape = (typeof accountShapes)[number]

export type ShapeSettings = {
  /** MultiSend contracts that a Safe may delegatecall, in lower case. */
  multiSend: ReadonlySet<string>
}

type Decoder = (account: Address, callData: Hex, settings: ShapeSettings) => DecodedCalls

const decoders: Readonly<Record<AccountShape, Decoder>> = {
  fabstir: decodeFabstir,
  erc7821: decodeErc7821,
  'simple-0.6': (_account, callData) => decodeSimple('0.6', callData),
  'simple-0.7': (_account, callData) => decodeSimple('0.7', callData),
  'simple-0.8': (_account, callData) => decodeSimple('0.8', callData),
  'safe-4337': (_account, callData, { multiSend }) => decodeSafe(multiSend, callData),
  'kernel-3': (_account, callData) => decodeKernel(callData),
  // `executeWithoutChainIdValidation` is left out: what it signs is good on every chain.
  coinbase: (_account, callData) => decodeSimple('0.8', callData),
  erc7579: (_account, callData) => decodeErc7579(callData),
}

/** Shortest call data that a function can be called by: a selector with its `0x`. */
const leastLength = 10

/**
 * The calls that an account of this shape makes for `callData`; `undefined` for everything that is
 * not certain to be understood as the account understands it: other functions, other modes, and any
 * encoding but the canonical one. Empty call data is no call.
 */
export function decodeCalls(
  shape: AccountShape,
  account: Address,
  callData: Hex,
  settings: ShapeSettings,
): DecodedCalls {
  if (callData === '0x') return []
  if (callData.length < leastLength) return undefined
  return decoders[shape](account, callData.toLowerCase() as Hex, settings)
}

/**
 * Functions by which accounts of any shape run calls. A call of an account to itself by one of these
 * holds calls that nobody looked at.
 */
export const executionSelectors: ReadonlySet<string> = new Set(
  [
    'execute(bytes32,bytes)',
    'execute(address,uint256,bytes)',
    'executeBatch((address,uint256,bytes)[])',
    'executeBatch(address[],bytes[])',
    'executeBatch(address[],uint256[],bytes[])',
    'executeFromExecutor(bytes32,bytes)',
    'executeUserOp((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes),bytes32)',
    'executeUserOp(address,uint256,bytes,uint8)',
    'executeUserOpWithErrorString(address,uint256,bytes,uint8)',
    'executeWithoutChainIdValidation(bytes[])',
    'execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)',
    'execTransactionFromModule(address,uint256,bytes,uint8)',
    'execTransactionFromModuleReturnData(address,uint256,bytes,uint8)',
    'multiSend(bytes)',
  ].map((signature) => toFunctionSelector(signature)),
)
