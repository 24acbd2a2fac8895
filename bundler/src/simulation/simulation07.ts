import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { executeUserOpSelector, parseValidationData } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import {
  concat,
  decodeFunctionResult,
  encodeFunctionData,
  getAbiItem,
  hexToBigInt,
  numberToHex,
  parseAbi,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import type { CallResult } from '../chain/reader.ts'
import { callableEntryPoint } from './callableEntryPoint.ts'
import { depositSlot } from './depositSlot.ts'
import type { EntryPointSimulation, InnerHandleOp } from './entryPointSimulation.ts'
import { encodeOperationCall, encodeOperationTargetCall } from './operationCall.ts'
import { searchLayout07 } from './searchLayout.ts'

const simulationsAbi = parseAbi([
  'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'struct ReturnInfo { uint256 preOpGas; uint256 prefund; uint256 accountValidationData; uint256 paymasterValidationData; bytes paymasterContext; }',
  'struct Stake { uint256 stake; uint256 unstakeDelaySec; }',
  'struct AggregatorStake { address aggregator; Stake stakeInfo; }',
  'struct ValidationResult { ReturnInfo returnInfo; Stake senderInfo; Stake factoryInfo; Stake paymasterInfo; AggregatorStake aggregatorInfo; }',
  'struct ExecutionResult { uint256 preOpGas; uint256 paid; uint256 accountValidationData; uint256 paymasterValidationData; bool targetSuccess; bytes targetResult; }',
  'function simulateValidation(PackedUserOperation userOp) returns (ValidationResult result)',
  'function simulateHandleOp(PackedUserOperation op, address target, bytes targetCallData) returns (ExecutionResult result)',
])

const selectors = {
  simulateValidation: toFunctionSelector(
    getAbiItem({ abi: simulationsAbi, name: 'simulateValidation' }),
  ),
  simulateHandleOp: toFunctionSelector(
    getAbiItem({ abi: simulationsAbi, name: 'simulateHandleOp' }),
  ),
}

/**
 * EntryPoints since 0.7 have no simulation functions: the published `EntryPointSimulations` takes the
 * EntryPoint's place during the call. It sets SenderCreator and EIP-712 domain itself, because
 * constructor-made immutables are zero in code that was never deployed.
 * @param published Runtime code of `EntryPointSimulations` of the same version.
 */
export function simulation07(published: Hex): EntryPointSimulation {
  // The searches of an estimate call it from a contract.
  const code = callableEntryPoint(published) ?? published
  return {
    override: ({ address }) => ({ [address]: { code } }),

    encodeSimulateValidation: (op, entryPoint) =>
      encodeOperationCall(selectors.simulateValidation, op, entryPoint),

    decodeSimulateValidation(result, entryPoint) {
      const validation = decodeValidation(result)
      if (!validation) return { ok: false, data: result.data }
      const { returnInfo, senderInfo, factoryInfo, paymasterInfo } = validation
      return {
        ok: true,
        result: {
          preOpGas: returnInfo.preOpGas,
          prefund: returnInfo.prefund,
          account: parseValidationData(returnInfo.accountValidationData, entryPoint.supports),
          paymaster: parseValidationData(returnInfo.paymasterValidationData, entryPoint.supports),
          senderStake: senderInfo,
          factoryStake: factoryInfo,
          paymasterStake: paymasterInfo,
          paymasterContext: returnInfo.paymasterContext,
        },
      }
    },

    encodeSimulateHandleOp: (op, entryPoint, call) =>
      encodeOperationTargetCall(selectors.simulateHandleOp, op, entryPoint, call),

    decodeSimulateHandleOp(result) {
      const execution = decodeExecution(result)
      if (!execution) return { ok: false, data: result.data }
      const { preOpGas, paid, targetSuccess, targetResult } = execution
      return { ok: true, result: { preOpGas, paid, targetSuccess, targetResult } }
    },

    encodeInnerHandleOp: ({ op, validated, prefund, paymasterContext }, entryPoint) =>
      encodeFunctionData({
        abi: entryPoint07Abi,
        functionName: 'innerHandleOp',
        args: [executionCall(validated, entryPoint), opInfo(op, prefund), paymasterContext],
      }),

    // Deposit in the first slot; staked, stake and unstake delay in the second.
    stakeLock: {
      slot: (entity) => numberToHex(hexToBigInt(depositSlot(entity)) + 1n, { size: 32 }),
      isLocked: (value) => (hexToBigInt(value) & 0xffn) === 1n,
    },
    depositSlot,

    executionCall,
    layout: searchLayout07,
  }
}

function executionCall(
  { op, hash }: InnerHandleOp['validated'],
  entryPoint: EntryPointAdapter,
): Hex {
  if (!op.callData.toLowerCase().startsWith(executeUserOpSelector)) return op.callData
  // executeUserOp(PackedUserOperation, bytes32): the operation starts after the two words of the head.
  return concat([
    executeUserOpSelector,
    numberToHex(64, { size: 32 }),
    hash,
    entryPoint.encodeOperation(op),
  ])
}

function decodeValidation(result: CallResult) {
  if (!result.ok) return undefined
  return decodeFunctionResult({
    abi: simulationsAbi,
    functionName: 'simulateValidation',
    data: result.data,
  })
}

function decodeExecution(result: CallResult) {
  if (!result.ok) return undefined
  return decodeFunctionResult({
    abi: simulationsAbi,
    functionName: 'simulateHandleOp',
    data: result.data,
  })
}

function opInfo(op: UserOperation, prefund: bigint) {
  return {
    mUserOp: {
      sender: op.sender,
      nonce: op.nonce,
      verificationGasLimit: op.verificationGasLimit,
      callGasLimit: op.callGasLimit,
      paymasterVerificationGasLimit: op.paymasterVerificationGasLimit ?? 0n,
      paymasterPostOpGasLimit: op.paymasterPostOpGasLimit ?? 0n,
      preVerificationGas: op.preVerificationGas,
      paymaster: op.paymaster ?? zeroAddress,
      maxFeePerGas: op.maxFeePerGas,
      maxPriorityFeePerGas: op.maxPriorityFeePerGas,
    },
    userOpHash: zeroHash,
    prefund,
    contextOffset: 0n,
    preOpGas: 0n,
  }
}
