import type { Abi, Address, Hex } from 'viem'
import { decodeFunctionData, encodeAbiParameters, encodeFunctionData, slice } from 'viem'
import type { PackedUserOperation } from 'viem/account-abstraction'
import { entryPoint07Abi, formatUserOperationRequest } from 'viem/account-abstraction'
import { eip7702FactoryMarker } from '../../constants.ts'
import type { UserOperation } from '../../userOperation.ts'
import type { EntryPointAdapter } from '../adapter.ts'
import { decodeRevert } from '../decodeRevert.ts'
import { DelegateUnknownError } from '../errors.ts'
import { packedHasher } from './packedHash.ts'
import { packOperation, toViemUserOperation, unpackOperation } from './packedOperation.ts'

export type PackedEntryPointParameters = {
  version: '0.7' | '0.8' | '0.9'
  address: Address
  abi: Abi
  supports: EntryPointAdapter['supports']
  /** Gas that the EntryPoint charges for `callGasLimit` and `postOpGasLimit` even when they go unused. */
  unusedGasCharge: (callGasLimit: bigint, postOpGasLimit: bigint) => bigint
  unmeasuredGas: EntryPointAdapter['unmeasuredGas']
  /** Brings an operation to the one form in which `paymasterSignature` is a field of its own (0.9). */
  normalise?: (op: UserOperation) => UserOperation
}

/** `handleOps`, whose ABI has not changed since 0.7. */
const handleOpsAbi = entryPoint07Abi.filter(
  (item) => item.type === 'function' && item.name === 'handleOps',
)

const packedOperationParameter = [
  {
    type: 'tuple',
    components: [
      { name: 'sender', type: 'address' },
      { name: 'nonce', type: 'uint256' },
      { name: 'initCode', type: 'bytes' },
      { name: 'callData', type: 'bytes' },
      { name: 'accountGasLimits', type: 'bytes32' },
      { name: 'preVerificationGas', type: 'uint256' },
      { name: 'gasFees', type: 'bytes32' },
      { name: 'paymasterAndData', type: 'bytes' },
      { name: 'signature', type: 'bytes' },
    ],
  },
] as const

/** The adapter of an EntryPoint with packed operations: 0.7 and everything after it. */
export function packedEntryPoint({
  version,
  address,
  abi,
  supports,
  unusedGasCharge,
  unmeasuredGas,
  normalise = (op) => op,
}: PackedEntryPointParameters): EntryPointAdapter {
  const hashOf = packedHasher(address, version)
  const pack = (op: UserOperation) => packOperation(normalise(op), supports)

  const requiredGas = (op: UserOperation) =>
    op.verificationGasLimit +
    op.callGasLimit +
    (op.paymasterVerificationGasLimit ?? 0n) +
    (op.paymasterPostOpGasLimit ?? 0n) +
    op.preVerificationGas

  return {
    version,
    address,
    abi,
    supports,

    hash(op, chainId, keccak) {
      // Without the delegate viem hashes the marker, which no EntryPoint does.
      if (supports.eip7702 && op.factory === eip7702FactoryMarker && !op.eip7702Auth)
        throw new DelegateUnknownError(op.sender)
      return hashOf(toViemUserOperation(normalise(op), supports), chainId, keccak)
    },

    toRpc(op) {
      return formatUserOperationRequest(toViemUserOperation(op, supports))
    },

    encodeHandleOps(ops, beneficiary) {
      return encodeFunctionData({
        abi: handleOpsAbi,
        functionName: 'handleOps',
        args: [ops.map(pack), beneficiary],
      })
    },

    decodeHandleOps(data) {
      const call = decodeHandleOpsCall(data)
      if (!call) return undefined
      return { ...call, ops: call.ops.map(normalise) }
    },

    encodeOperation(op) {
      // The tuple is dynamic, so a word with its offset comes first.
      return slice(encodeAbiParameters(packedOperationParameter, [pack(op)]), 32)
    },

    decodeRevert,
    requiredGas,
    requiredPrefund: (op) => requiredGas(op) * op.maxFeePerGas,
    minimumChargedGas: (op) => unusedGasCharge(op.callGasLimit, op.paymasterPostOpGasLimit ?? 0n),
    unmeasuredGas,
  }
}

function decodeHandleOpsCall(
  data: Hex,
): { ops: UserOperation[]; beneficiary: Address } | undefined {
  try {
    const { args } = decodeFunctionData({ abi: handleOpsAbi, data })
    const [ops, beneficiary] = args as readonly [readonly PackedUserOperation[], Address]
    return { ops: ops.map(unpackOperation), beneficiary }
  } catch {
    // Another function, or bytes that are no valid encoding: somebody else's transaction.
    return undefined
  }
}
