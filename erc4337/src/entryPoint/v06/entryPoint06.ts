import type { Address } from 'viem'
import { decodeFunctionData, encodeAbiParameters, encodeFunctionData, slice } from 'viem'
import {
  entryPoint06Abi,
  entryPoint06Address,
  formatUserOperationRequest,
  getUserOperationHash,
} from 'viem/account-abstraction'
import type { UserOperation } from '../../userOperation.ts'
import type { EntryPointAdapter } from '../adapter.ts'
import { decodeRevert } from '../decodeRevert.ts'
import type { UserOperation06 } from './operation06.ts'
import { fromOperation06, toOperation06 } from './operation06.ts'

const handleOpsAbi = entryPoint06Abi.filter(
  (item) => item.type === 'function' && item.name === 'handleOps',
)

const operationParameter = [
  {
    type: 'tuple',
    components: [
      { name: 'sender', type: 'address' },
      { name: 'nonce', type: 'uint256' },
      { name: 'initCode', type: 'bytes' },
      { name: 'callData', type: 'bytes' },
      { name: 'callGasLimit', type: 'uint256' },
      { name: 'verificationGasLimit', type: 'uint256' },
      { name: 'preVerificationGas', type: 'uint256' },
      { name: 'maxFeePerGas', type: 'uint256' },
      { name: 'maxPriorityFeePerGas', type: 'uint256' },
      { name: 'paymasterAndData', type: 'bytes' },
      { name: 'signature', type: 'bytes' },
    ],
  },
] as const

/**
 * Gas that enters the prefund. With a paymaster the verification limit counts three times:
 * it also bounds `postOp`, which may run twice.
 */
function requiredGas(op: UserOperation): bigint {
  const factor = op.paymaster ? 3n : 1n
  return op.callGasLimit + op.verificationGasLimit * factor + op.preVerificationGas
}

/** EntryPoint 0.6: operations are not packed, and its own code simulates validation. */
export const entryPoint06: EntryPointAdapter = {
  version: '0.6',
  address: entryPoint06Address,
  abi: entryPoint06Abi,
  supports: {
    eip7702: false,
    paymasterSignature: false,
    paymasterGasLimits: false,
    blockRanges: false,
    fullCostInPostOp: true,
  },

  hash(op, chainId) {
    return getUserOperationHash({
      chainId,
      entryPointAddress: entryPoint06Address,
      entryPointVersion: '0.6',
      userOperation: toOperation06(op),
    })
  },

  toRpc(op) {
    return formatUserOperationRequest(toOperation06(op))
  },

  encodeHandleOps(ops, beneficiary) {
    return encodeFunctionData({
      abi: handleOpsAbi,
      functionName: 'handleOps',
      args: [ops.map(toOperation06), beneficiary],
    })
  },

  decodeHandleOps(data) {
    try {
      const { args } = decodeFunctionData({ abi: handleOpsAbi, data })
      const [ops, beneficiary] = args as readonly [readonly UserOperation06[], Address]
      return { ops: ops.map(fromOperation06), beneficiary }
    } catch {
      // Another function, or bytes that are no valid encoding: somebody else's transaction.
      return undefined
    }
  },

  encodeOperation(op) {
    // The tuple is dynamic, so a word with its offset comes first.
    return slice(encodeAbiParameters(operationParameter, [toOperation06(op)]), 32)
  },

  decodeRevert,
  requiredGas,
  requiredPrefund: (op) => requiredGas(op) * op.maxFeePerGas,
  // 0.6 charges nothing for unused gas.
  minimumChargedGas: () => 0n,
  unmeasuredGas: {
    bundle: 10_930n,
    operation: 8_060n,
    word: 10n,
    executeUserOp: { operation: 0n, word: 0n },
    validationData: 465n,
  },
}
