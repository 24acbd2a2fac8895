import type { UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { size } from 'viem'

/** Gas for what the EntryPoint does around the entities, and what 63/64 keeps back. */
const aroundEntities = 5_000_000n
/** Gas for a byte of call data at most (EIP-7623). */
const perByte = 40n

/** Gas with which a simulated validation gives every entity what the limits of the operation allow. */
export function validationGas(op: UserOperation, data: Hex): bigint {
  // Factory and account are each given verificationGasLimit, before their sum is held against it (AA26).
  const entities =
    2n * op.verificationGasLimit + (op.paymasterVerificationGasLimit ?? op.verificationGasLimit)
  return entities + aroundEntities + perByte * BigInt(size(data))
}
