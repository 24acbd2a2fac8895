import type { Hex } from 'viem'
import { decodeErrorResult, parseAbi } from 'viem'

const knownErrors = parseAbi([
  'error Error(string)',
  'error Panic(uint256)',
  'error PostOpReverted(bytes returnData)',
])

/**
 * Text of `Error(string)`, `Panic(uint256)` and, inside the `PostOpReverted` of EntryPoint 0.7 and later,
 * of what the paymaster reverted with; other revert bytes as they are.
 */
export function revertReason(data: Hex): string {
  try {
    const decoded = decodeErrorResult({ abi: knownErrors, data })
    switch (decoded.errorName) {
      case 'Error':
        return decoded.args[0]
      case 'Panic':
        return `Panic(0x${decoded.args[0].toString(16)})`
      case 'PostOpReverted':
        return `postOp reverted: ${revertReason(decoded.args[0])}`
    }
  } catch {
    return data
  }
}
