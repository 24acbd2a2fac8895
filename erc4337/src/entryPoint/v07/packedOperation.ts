import type { Hex } from 'viem'
import { concat, getAddress, pad, size, slice } from 'viem'
import type {
  PackedUserOperation,
  UserOperation as ViemUserOperation,
} from 'viem/account-abstraction'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { UserOperation } from '../../userOperation.ts'

/** Address, verification gas limit, postOp gas limit. */
const paymasterDataOffset = 52

/** The operation as viem's functions take it. `paymasterSignature` is kept only where asked for (0.9). */
export function toViemUserOperation(
  op: UserOperation,
  { paymasterSignature }: { paymasterSignature: boolean },
): ViemUserOperation<'0.9'> {
  const { eip7702Auth, paymasterSignature: signature, ...fields } = op
  return {
    ...fields,
    ...(eip7702Auth ? { authorization: eip7702Auth } : {}),
    // An empty one is no signature for the EntryPoint, but viem would append its suffix.
    ...(paymasterSignature && signature && signature !== '0x'
      ? { paymasterSignature: signature }
      : {}),
  }
}

/** The struct of `handleOps` since EntryPoint 0.7. */
export function packOperation(
  op: UserOperation,
  options: { paymasterSignature: boolean },
): PackedUserOperation {
  return toPackedUserOperation(toViemUserOperation(op, options))
}

/**
 * The operation in a packed struct; `paymasterData` still holds a 0.9 paymaster signature.
 * @throws when `paymasterAndData` is shorter than its fixed part.
 */
export function unpackOperation(packed: PackedUserOperation): UserOperation {
  const { initCode, paymasterAndData, accountGasLimits, gasFees } = packed
  return {
    sender: packed.sender,
    nonce: packed.nonce,
    ...(initCode === '0x' ? {} : unpackInitCode(initCode)),
    callData: packed.callData,
    callGasLimit: BigInt(slice(accountGasLimits, 16, 32)),
    verificationGasLimit: BigInt(slice(accountGasLimits, 0, 16)),
    preVerificationGas: packed.preVerificationGas,
    maxFeePerGas: BigInt(slice(gasFees, 16, 32)),
    maxPriorityFeePerGas: BigInt(slice(gasFees, 0, 16)),
    ...(paymasterAndData === '0x'
      ? {}
      : {
          paymaster: getAddress(slice(paymasterAndData, 0, 20, { strict: true })),
          paymasterVerificationGasLimit: BigInt(slice(paymasterAndData, 20, 36, { strict: true })),
          paymasterPostOpGasLimit: BigInt(slice(paymasterAndData, 36, 52, { strict: true })),
          paymasterData: sliceFrom(paymasterAndData, paymasterDataOffset),
        }),
    signature: packed.signature,
  }
}

/** Splits `initCode`; a short EIP-7702 marker is padded to 20 bytes, as the EntryPoint reads it. */
export function unpackInitCode(initCode: Hex): Pick<UserOperation, 'factory' | 'factoryData'> {
  const padded = size(initCode) < 20 ? pad(initCode, { size: 20, dir: 'right' }) : initCode
  return { factory: getAddress(slice(padded, 0, 20)), factoryData: sliceFrom(padded, 20) }
}

/** `slice` that gives `0x` at the end of the bytes instead of throwing. */
export function sliceFrom(bytes: Hex, start: number): Hex {
  return size(bytes) > start ? slice(bytes, start) : concat(['0x'])
}
