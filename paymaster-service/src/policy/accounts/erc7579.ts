import type { Hex } from 'viem'
import { getAddress, slice } from 'viem'
import { decodeExactly, selectorDigits } from './abiCodec.ts'
import { executeArguments, executeSelector } from './erc7821.ts'
import { executeUserOpSelector } from './fabstir.ts'
import type { DecodedCalls } from './innerCall.ts'
import { onlyCalls, toCall } from './innerCall.ts'

/** Mode selector and payload, which these accounts do not read, are zero. */
const unused = '0'.repeat(60)
/** Call type: one call or a batch. Execution type: a failure reverts all, or is passed over. */
const singleModes: ReadonlySet<string> = new Set([`0000${unused}`, `0001${unused}`])
const batchModes: ReadonlySet<string> = new Set([`0100${unused}`, `0101${unused}`])

/** Target (20 bytes) and value (32), before the data of a single call. */
const packedHead = 52

/**
 * Kernel v3: `execute(ExecMode, bytes)`. Not behind `executeUserOp`, which Kernel asks for where a
 * hook runs: then others' code would run beside the calls.
 */
export function decodeKernel(callData: Hex): DecodedCalls {
  if (callData.slice(0, selectorDigits) !== executeSelector) return undefined
  const decoded = decodeExactly(executeArguments, callData.slice(selectorDigits))
  if (!decoded) return undefined
  const [mode, execution] = decoded
  if (batchModes.has(mode)) return decodeExactly(onlyCalls, execution.slice(2))?.[0].map(toCall)
  return singleModes.has(mode) ? readSingle(execution) : undefined
}

/** Nexus and other ERC-7579 accounts: `execute(ModeCode, bytes)`, also behind `executeUserOp`. */
export function decodeErc7579(callData: Hex): DecodedCalls {
  if (callData.slice(0, selectorDigits) !== executeUserOpSelector) return decodeKernel(callData)
  return decodeKernel(`0x${callData.slice(selectorDigits)}`)
}

function readSingle(execution: Hex): DecodedCalls {
  const length = (execution.length - 2) / 2
  if (length < packedHead) return undefined
  return [
    {
      target: getAddress(slice(execution, 0, 20)),
      value: BigInt(slice(execution, 20, packedHead)),
      data: length === packedHead ? '0x' : slice(execution, packedHead),
    },
  ]
}
