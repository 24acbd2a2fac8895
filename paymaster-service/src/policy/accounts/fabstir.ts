import type { Address, Hex } from 'viem'
import { toFunctionSelector } from 'viem'
import { decodeExactly, selectorDigits } from './abiCodec.ts'
import { batchMode, executeArguments, executeSelector, readBatch } from './erc7821.ts'
import type { DecodedCalls } from './innerCall.ts'

/**
 * Functions of FabstirAccount that the EntryPoint may call directly, as the operation's one call to
 * the account itself. Session keys are managed from within a batch: the account refuses the EntryPoint.
 */
const directSelectors: ReadonlySet<string> = new Set(
  [
    'claimJobViaSessionKey(address,uint256)',
    'createJobViaAccount(string,bytes32,uint256,uint256)',
    'registerNodeViaAccount(string)',
  ].map((signature) => toFunctionSelector(signature)),
)

const executeBatchSelector = toFunctionSelector('executeBatch((address,uint256,bytes)[])')

/** `IAccountExecute.executeUserOp`: the EntryPoint calls it when call data begins with its selector. */
export const executeUserOpSelector = toFunctionSelector(
  'executeUserOp((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes),bytes32)',
)

/** FabstirAccount: ERC-7821's plain batch, `executeBatch`, three functions of its own, or one of these behind `executeUserOp`. */
export function decodeFabstir(account: Address, callData: Hex): DecodedCalls {
  const selector = callData.slice(0, selectorDigits)
  if (selector !== executeUserOpSelector) return decodeFunction(account, callData)
  return decodeFunction(account, `0x${callData.slice(selectorDigits)}`)
}

function decodeFunction(account: Address, callData: Hex): DecodedCalls {
  const selector = callData.slice(0, selectorDigits)
  const parameters = callData.slice(selectorDigits)
  if (directSelectors.has(selector)) return [{ target: account, value: 0n, data: callData }]
  if (selector === executeBatchSelector) return readBatch(account, parameters)
  if (selector !== executeSelector) return undefined
  const [mode, executionData] = decodeExactly(executeArguments, parameters) ?? []
  return mode === batchMode && executionData
    ? readBatch(account, executionData.slice(2))
    : undefined
}
