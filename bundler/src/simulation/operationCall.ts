import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, numberToHex, pad, size } from 'viem'

const word = 32

/** Calldata of a function whose only argument is an operation. */
export function encodeOperationCall(
  selector: Hex,
  op: UserOperation,
  entryPoint: EntryPointAdapter,
): Hex {
  return concat([selector, wordOf(word), entryPoint.encodeOperation(op)])
}

/** Calldata of a function of an operation, an address and bytes (`simulateHandleOp`). */
export function encodeOperationTargetCall(
  selector: Hex,
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  call: { target: Address; data: Hex },
): Hex {
  const operation = entryPoint.encodeOperation(op)
  const head = 3 * word
  const dataLength = size(call.data)
  return concat([
    selector,
    wordOf(head),
    pad(call.target, { size: word }),
    wordOf(head + size(operation)),
    operation,
    wordOf(dataLength),
    // Dynamic bytes fill whole words.
    dataLength === 0
      ? '0x'
      : pad(call.data, { size: Math.ceil(dataLength / word) * word, dir: 'right' }),
  ])
}

function wordOf(value: number): Hex {
  return numberToHex(value, { size: word })
}
