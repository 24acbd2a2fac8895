import type { UserOperation } from '@fabstir/erc4337'
import { maxGasValue } from '@fabstir/erc4337'
import type { Breach } from './breach.ts'
import { breach } from './breach.ts'

/** AA94: amounts that an EntryPoint refuses because their products could overflow. */
export function amountBreach(op: UserOperation): Breach | undefined {
  const amounts = {
    callGasLimit: op.callGasLimit,
    verificationGasLimit: op.verificationGasLimit,
    preVerificationGas: op.preVerificationGas,
    maxFeePerGas: op.maxFeePerGas,
    maxPriorityFeePerGas: op.maxPriorityFeePerGas,
    paymasterVerificationGasLimit: op.paymasterVerificationGasLimit ?? 0n,
    paymasterPostOpGasLimit: op.paymasterPostOpGasLimit ?? 0n,
  }
  for (const [field, value] of Object.entries(amounts)) {
    if (value < 0n || value > maxGasValue)
      return breach('gasValues', `${field} does not fit into 120 bits`, { [field]: value })
  }
  return undefined
}
