import type { Hex } from 'viem'
import { decodeErrorResult, parseAbi } from 'viem'
import { rejectionOf } from '../simulation/rejection.ts'
import type { RpcError } from '../types/rpcError.ts'

/** The error -32501 for a `postOp` that reverts. */
export function postOpReverted(revertData: Hex): RpcError {
  const reason = 'AA50 postOp reverted'
  return rejectionOf(
    { kind: 'failedOp', opIndex: 0, reason, aaCode: 'AA50', inner: ownRevertData(revertData) },
    revertData,
  )
}

const postOpErrors = parseAbi(['error PostOpReverted(bytes returnData)'])

/** The paymaster's own bytes: since 0.7 the EntryPoint wraps them. */
function ownRevertData(revertData: Hex): Hex {
  try {
    return decodeErrorResult({ abi: postOpErrors, data: revertData }).args[0]
  } catch {
    // 0.6 passes them on as they are.
    return revertData
  }
}
