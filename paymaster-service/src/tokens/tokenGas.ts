import type { UserOperation } from '@fabstir/erc4337'
import type { Refusal } from '../policy/refusal.ts'
import type { PaymasterGasLimits } from '../sponsorship/paymasterGas.ts'

/** Two storage slots of a token, one of them new, and the price (test/system/paymasterTokens.test.ts). */
const verificationGas = 120_000n
/** Bounds of TokenPaymaster (MIN_POST_OP_GAS, MAX_POST_OP_GAS); all of it is charged, so no more than a refund takes. */
const minPostOpGas = 20_000n
const maxPostOpGas = 40_000n
const postOpGas = 30_000n
/** Largest limit that is given data when the client chooses it. */
const maxVerificationGas = 300_000n

/** Limits that the operation has, or else the service's own. */
export function tokenGasLimits(op: UserOperation): PaymasterGasLimits {
  return {
    paymasterVerificationGasLimit: op.paymasterVerificationGasLimit || verificationGas,
    paymasterPostOpGasLimit: op.paymasterPostOpGasLimit || postOpGas,
  }
}

/** Rules `token.verification-gas` and `token.post-op-gas`. */
export function checkTokenGas({
  paymasterVerificationGasLimit: verification,
  paymasterPostOpGasLimit: postOp,
}: PaymasterGasLimits): Refusal | undefined {
  if (verification > maxVerificationGas)
    return refuse(
      'token.verification-gas',
      `paymasterVerificationGasLimit ${verification} is above ${maxVerificationGas}`,
    )
  if (postOp < minPostOpGas || postOp > maxPostOpGas)
    return refuse(
      'token.post-op-gas',
      `paymasterPostOpGasLimit ${postOp} is not within ${minPostOpGas} to ${maxPostOpGas}`,
    )
  return undefined
}

function refuse(rule: string, reason: string): Refusal {
  return { rule, message: `${rule}: ${reason}` }
}
