import type { EntryPointAdapter, UserOperation, ValidationData } from '@fabstir/erc4337'
import type { SimulatedValidation } from './entryPointSimulation.ts'

/** How many of account and paymaster return anything but 0 from validation, which an EntryPoint takes apart. */
export function validationDataCount(
  { account, paymaster }: Pick<SimulatedValidation, 'account' | 'paymaster'>,
  op: UserOperation,
  { supports }: EntryPointAdapter,
): bigint {
  const ofAccount = isNonZero(account) ? 1n : 0n
  // 0.6 returns both as one, so both may be meant.
  if (!supports.paymasterGasLimits) return op.paymaster ? 2n * ofAccount : ofAccount
  return ofAccount + (isNonZero(paymaster) ? 1n : 0n)
}

function isNonZero({
  signatureFailed,
  aggregator,
  validAfter,
  validUntil,
}: ValidationData): boolean {
  return signatureFailed || aggregator !== undefined || validAfter !== 0 || validUntil !== 0
}
