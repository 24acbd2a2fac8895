import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { requiredPreVerificationGas } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { size } from 'viem'
import { largerOf } from '../math/amounts.ts'

/** A limit of three bytes; the amount itself does not matter, only that its bytes are not zero. */
const threeBytes = 0xffffffn
/** A fee of six bytes: up to 281,000 gwei. */
const sixBytes = 0xffffffffffffn

/** A real signature may take a little less gas to check than the dummy did. */
const certainPercent = 97n

/**
 * preVerificationGas for the operation as it will be signed: with a signature, paymaster data and limits
 * that have as many bytes as the given ones, none of them zero.
 * @param verificationGasUsed Of the operation with its dummy signature.
 * @returns gas
 */
export function estimatePreVerificationGas(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  {
    expectedBundleSize,
    verificationGasUsed,
  }: { expectedBundleSize: bigint; verificationGasUsed: bigint },
): bigint {
  const signed: UserOperation = {
    ...op,
    preVerificationGas: threeBytes,
    verificationGasLimit: largerOf(op.verificationGasLimit, threeBytes),
    maxFeePerGas: largerOf(op.maxFeePerGas, sixBytes),
    maxPriorityFeePerGas: largerOf(op.maxPriorityFeePerGas, sixBytes),
    signature: nonZeroBytes(op.signature),
    ...(op.paymasterData ? { paymasterData: nonZeroBytes(op.paymasterData) } : {}),
    ...(op.paymasterSignature ? { paymasterSignature: nonZeroBytes(op.paymasterSignature) } : {}),
  }
  // callGasLimit and postOp limit stay: they decide what is charged for certain.
  return (
    requiredPreVerificationGas(signed, entryPoint, {
      expectedBundleSize,
      verificationGasUsed: (verificationGasUsed * certainPercent) / 100n,
    }) + limitBytesGas
  )
}

/** The two limits that stay may gain a non-zero byte or two each by the caller's own margin. */
const limitBytesGas = 4n * 12n

function nonZeroBytes(bytes: Hex): Hex {
  return `0x${'ff'.repeat(size(bytes))}`
}
