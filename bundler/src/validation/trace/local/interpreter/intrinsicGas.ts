import { hexToBytes } from '@ethereumjs/util'
import type { Hex } from 'viem'
import type { EvmRules } from './interpreter.ts'

const transactionGas = 21_000n
const zeroByteGas = 4n
const otherByteGas = 16n
/** [EIP-7623] Of the floor: one token is a zero byte, four are another. */
const floorTokenGas = 10n

/** Gas that a call pays before its first opcode, and the least limit that a node takes for it. */
export function intrinsicGas(
  data: Hex,
  fork: EvmRules['fork'],
): { charged: bigint; floor: bigint } {
  let zeros = 0n
  const bytes = hexToBytes(data)
  for (const byte of bytes) if (byte === 0) zeros++
  const others = BigInt(bytes.length) - zeros
  const charged = transactionGas + zeros * zeroByteGas + others * otherByteGas
  if (fork !== 'prague' && fork !== 'osaka') return { charged, floor: charged }
  const floor = transactionGas + (zeros + others * 4n) * floorTokenGas
  return { charged, floor: floor > charged ? floor : charged }
}
