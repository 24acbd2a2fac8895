import type {
  EntryPointAdapter,
  PreVerificationGasParameters,
  UserOperation,
} from '@fabstir/erc4337'
import { requiredPreVerificationGas } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { keccak256, numberToHex, size } from 'viem'
import { largerOf } from '../math/amounts.ts'

/** A limit of three bytes; the amount itself does not matter, only that its bytes are not zero. */
const threeBytes = 0xffffffn
/** A fee of six bytes: up to 281,000 gwei. */
const sixBytes = 0xffffffffffffn

/** A real signature may take a little less gas to check than the dummy did. */
const certainPercent = 97n

/**
 * The operation as it will be signed: with a signature, paymaster data and limits that have as many bytes
 * as the given ones, none of them zero and none like another, for rollups charge for what does not compress.
 */
export function asSigned(op: UserOperation): UserOperation {
  return {
    ...op,
    preVerificationGas: threeBytes,
    verificationGasLimit: largerOf(op.verificationGasLimit, threeBytes),
    maxFeePerGas: largerOf(op.maxFeePerGas, sixBytes),
    maxPriorityFeePerGas: largerOf(op.maxPriorityFeePerGas, sixBytes),
    signature: someBytes(op.signature),
    ...(op.paymasterData ? { paymasterData: someBytes(op.paymasterData) } : {}),
    ...(op.paymasterSignature ? { paymasterSignature: someBytes(op.paymasterSignature) } : {}),
  }
}

/**
 * preVerificationGas for the operation as it will be signed, without a data fee.
 * @param verificationGasUsed Of the operation with its dummy signature.
 * @returns gas
 */
export function estimatePreVerificationGas(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  {
    expectedBundleSize,
    verificationGasUsed,
    validationDataCount,
  }: Required<PreVerificationGasParameters>,
): bigint {
  // callGasLimit and postOp limit stay: they decide what is charged for certain.
  return (
    requiredPreVerificationGas(asSigned(op), entryPoint, {
      expectedBundleSize,
      validationDataCount,
      verificationGasUsed: (verificationGasUsed * certainPercent) / 100n,
    }) + limitBytesGas
  )
}

/** The two limits that stay may gain a non-zero byte or two each by the caller's own margin. */
const limitBytesGas = 4n * 12n

/** Words of a filling that are kept: more than an operation can have. */
const KEPT_WORDS = 4_096
const words: string[] = []

/** As many bytes as given, the same every time. */
function someBytes(bytes: Hex): Hex {
  const length = size(bytes)
  const filling = Array.from({ length: Math.ceil(length / 32) }, (_, index) => wordOf(index))
  return `0x${filling.join('').slice(0, 2 * length)}`
}

/** 32 bytes, none of them zero. */
function wordOf(index: number): string {
  const known = words[index]
  if (known !== undefined) return known
  const pairs =
    keccak256(numberToHex(index, { size: 32 }))
      .slice(2)
      .match(/../g) ?? []
  const word = pairs.map((pair) => (pair === '00' ? '01' : pair)).join('')
  if (index < KEPT_WORDS) words[index] = word
  return word
}
