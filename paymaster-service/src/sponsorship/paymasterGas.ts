import type { UserOperation } from '@fabstir/erc4337'
import { size } from 'viem'
import type { Refusal } from '../policy/refusal.ts'

export type PaymasterGasLimits = {
  paymasterVerificationGasLimit: bigint
  paymasterPostOpGasLimit: bigint
}

/**
 * SponsorPaymaster needs 17,900 gas for a small operation on 0.8 and 0.9 (test/system/paymaster.test.ts);
 * the rest is for long signatures, which are not known yet.
 */
const verificationGas = 25_000n
/** Hashing and handing on the operation's bytes takes 17 gas per 32-byte word. */
const verificationGasPerWord = 20n
/** `postOp` is never called. Not 0, which some clients take for missing. */
const postOpGas = 1n

/** Largest limits that are signed when the client chooses them. */
const maxVerificationGas = 300_000n
const maxPostOpGas = 40_000n

/** Limits that the operation has, or else the service's own. */
export function paymasterGasLimits(op: UserOperation): PaymasterGasLimits {
  const bytes = size(op.callData) + size(op.factoryData ?? '0x')
  const words = BigInt(Math.ceil(bytes / 32))
  return {
    paymasterVerificationGasLimit:
      op.paymasterVerificationGasLimit || verificationGas + words * verificationGasPerWord,
    paymasterPostOpGasLimit: op.paymasterPostOpGasLimit || postOpGas,
  }
}

/** Rules `gas.paymaster-verification` and `gas.paymaster-post-op`. */
export function checkPaymasterGas(limits: PaymasterGasLimits): Refusal | undefined {
  const { paymasterVerificationGasLimit, paymasterPostOpGasLimit } = limits
  if (paymasterVerificationGasLimit > maxVerificationGas) {
    return {
      rule: 'gas.paymaster-verification',
      message: `gas.paymaster-verification: paymasterVerificationGasLimit ${paymasterVerificationGasLimit} is above ${maxVerificationGas}`,
    }
  }
  if (paymasterPostOpGasLimit > maxPostOpGas) {
    return {
      rule: 'gas.paymaster-post-op',
      message: `gas.paymaster-post-op: paymasterPostOpGasLimit ${paymasterPostOpGasLimit} is above ${maxPostOpGas}`,
    }
  }
  return undefined
}

/** All gas that the operation may use. */
export function gasOf(op: UserOperation): bigint {
  const { paymasterVerificationGasLimit = 0n, paymasterPostOpGasLimit = 0n } = op
  return (
    op.callGasLimit +
    op.verificationGasLimit +
    op.preVerificationGas +
    paymasterVerificationGasLimit +
    paymasterPostOpGasLimit
  )
}
