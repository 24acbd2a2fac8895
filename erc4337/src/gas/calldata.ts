import type { Hex } from 'viem'
import { hexToBytes } from 'viem'

/** EIP-2028: gas of a zero byte and of another byte. */
const zeroByteGas = 4n
const nonZeroByteGas = 16n
/** EIP-7623: floor per token, of which a zero byte is one and another byte four. */
const floorGasPerToken = 10n

export type CalldataGas = {
  /** Charged with execution gas (EIP-2028). */
  standard: bigint
  /** Charged at least, in place of `standard` and execution together (EIP-7623). */
  floor: bigint
}

/** Gas that `data` costs as part of a transaction's calldata. */
export function calldataGas(data: Hex): CalldataGas {
  let zeros = 0
  const bytes = hexToBytes(data)
  for (const byte of bytes) if (byte === 0) zeros++
  const nonZeros = bytes.length - zeros
  return {
    standard: BigInt(zeros) * zeroByteGas + BigInt(nonZeros) * nonZeroByteGas,
    floor: BigInt(zeros + 4 * nonZeros) * floorGasPerToken,
  }
}
