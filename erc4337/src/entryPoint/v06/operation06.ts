import type { Address, Hex } from 'viem'
import { concat, getAddress, slice } from 'viem'
import type { UserOperation } from '../../userOperation.ts'
import { sliceFrom, unpackInitCode } from '../v07/packedOperation.ts'

/** The struct of EntryPoint 0.6, which is also its wire object. */
export type UserOperation06 = {
  sender: Address
  nonce: bigint
  initCode: Hex
  callData: Hex
  callGasLimit: bigint
  verificationGasLimit: bigint
  preVerificationGas: bigint
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
  paymasterAndData: Hex
  signature: Hex
}

/** Joins factory and paymaster fields to the two byte strings of 0.6. Paymaster gas limits do not exist there. */
export function toOperation06(op: UserOperation): UserOperation06 {
  return {
    sender: op.sender,
    nonce: op.nonce,
    initCode: op.factory ? concat([op.factory, op.factoryData ?? '0x']) : '0x',
    callData: op.callData,
    callGasLimit: op.callGasLimit,
    verificationGasLimit: op.verificationGasLimit,
    preVerificationGas: op.preVerificationGas,
    maxFeePerGas: op.maxFeePerGas,
    maxPriorityFeePerGas: op.maxPriorityFeePerGas,
    paymasterAndData: op.paymaster ? concat([op.paymaster, op.paymasterData ?? '0x']) : '0x',
    signature: op.signature,
  }
}

/** The normalised operation of a 0.6 struct. */
export function fromOperation06(op: UserOperation06): UserOperation {
  const { initCode, paymasterAndData, ...fields } = op
  return {
    ...fields,
    ...(initCode === '0x' ? {} : unpackInitCode(initCode)),
    ...(paymasterAndData === '0x'
      ? {}
      : {
          paymaster: getAddress(slice(paymasterAndData, 0, 20, { strict: true })),
          paymasterData: sliceFrom(paymasterAndData, 20),
        }),
  }
}
