import type { Hex } from 'viem'
import { hexToNumber, size, slice } from 'viem'
import type { UserOperation } from '../../userOperation.ts'

/** `keccak256("PaymasterSignature")[:8]`, the last bytes of a `paymasterAndData` with a signature. */
const magic = '0x22e325a297439656'
const magicLength = 8
/** Two bytes of length before the magic. */
const suffixLength = magicLength + 2

/**
 * Moves a signature that stands in `paymasterData` (signature, length, magic) to `paymasterSignature`,
 * as EntryPoint 0.9 does before it makes the hash. A length of zero, or one that reaches before the
 * data, is no signature.
 */
export function separatePaymasterSignature(op: UserOperation): UserOperation {
  const { paymasterData } = op
  if (!paymasterData || (op.paymasterSignature && op.paymasterSignature !== '0x')) return op
  const found = findSuffix(paymasterData)
  return found ? { ...op, ...found } : op
}

function findSuffix(
  paymasterData: Hex,
): { paymasterData: Hex; paymasterSignature: Hex } | undefined {
  const length = size(paymasterData)
  if (length <= suffixLength) return undefined
  if (slice(paymasterData, length - magicLength).toLowerCase() !== magic) return undefined
  const signatureLength = hexToNumber(
    slice(paymasterData, length - suffixLength, length - magicLength),
  )
  const dataLength = length - suffixLength - signatureLength
  if (signatureLength === 0 || dataLength < 0) return undefined
  return {
    paymasterData: dataLength === 0 ? '0x' : slice(paymasterData, 0, dataLength),
    paymasterSignature: slice(paymasterData, dataLength, length - suffixLength),
  }
}
