import type { UserOperation, ValidationData } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import {
  decodeErrorResult,
  encodeFunctionData,
  getAbiItem,
  hexToBigInt,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from 'viem'
import { entryPoint06Abi } from 'viem/account-abstraction'
import type { CallResult } from '../chain/reader.ts'
import { depositSlot } from './depositSlot.ts'
import type {
  EntryPointSimulation,
  Simulated,
  SimulatedValidation,
} from './entryPointSimulation.ts'
import { encodeOperationCall, encodeOperationTargetCall } from './operationCall.ts'
import { searchLayout06 } from './searchLayout.ts'

const selectors = {
  simulateValidation: toFunctionSelector(
    getAbiItem({ abi: entryPoint06Abi, name: 'simulateValidation' }),
  ),
  simulateHandleOp: toFunctionSelector(
    getAbiItem({ abi: entryPoint06Abi, name: 'simulateHandleOp' }),
  ),
}

/** Parameters of its errors: a struct, and the stakes of sender, factory and paymaster. */
const returnInfo = '(uint256,uint256,bool,uint48,uint48,bytes)'
const stakes = '(uint256,uint256),(uint256,uint256),(uint256,uint256)'

/** What 0.6 returns for an absent end. */
const endless = 2 ** 48 - 1

/** EntryPoint 0.6 simulates itself: both functions revert with their result. */
export const simulation06: EntryPointSimulation = {
  override: () => ({}),

  encodeSimulateValidation: (op, entryPoint) =>
    encodeOperationCall(selectors.simulateValidation, op, entryPoint),

  decodeSimulateValidation(result) {
    const error = decodeResult(result)
    if (error?.errorName === 'ValidationResult') {
      const [returnInfo, senderStake, factoryStake, paymasterStake] = error.args
      return validation(returnInfo, { senderStake, factoryStake, paymasterStake }, undefined)
    }
    if (error?.errorName === 'ValidationResultWithAggregation') {
      const [returnInfo, senderStake, factoryStake, paymasterStake, { aggregator }] = error.args
      return validation(returnInfo, { senderStake, factoryStake, paymasterStake }, aggregator)
    }
    return { ok: false, data: result.data }
  },

  encodeSimulateHandleOp: (op, entryPoint, call) =>
    encodeOperationTargetCall(selectors.simulateHandleOp, op, entryPoint, call),

  decodeSimulateHandleOp(result) {
    const error = decodeResult(result)
    if (error?.errorName !== 'ExecutionResult') return { ok: false, data: result.data }
    const [preOpGas, paid, , , targetSuccess, targetResult] = error.args
    return { ok: true, result: { preOpGas, paid, targetSuccess, targetResult } }
  },

  encodeInnerHandleOp: ({ op, validated, prefund, paymasterContext }) =>
    encodeFunctionData({
      abi: entryPoint06Abi,
      functionName: 'innerHandleOp',
      args: [validated.op.callData, opInfo(op, prefund), paymasterContext],
    }),

  // One slot: deposit (14 bytes), staked, stake.
  stakeLock: {
    slot: depositSlot,
    isLocked: (value) => ((hexToBigInt(value) >> 112n) & 0xffn) === 1n,
  },
  depositSlot,

  executionCall: ({ op }) => op.callData,

  layout: searchLayout06({
    validation: toFunctionSelector(`ValidationResult(${returnInfo},${stakes})`),
    validationWithAggregation: toFunctionSelector(
      `ValidationResultWithAggregation(${returnInfo},${stakes},(address,(uint256,uint256)))`,
    ),
    execution: toFunctionSelector('ExecutionResult(uint256,uint256,uint48,uint48,bool,bytes)'),
  }),
}

function opInfo(op: UserOperation, prefund: bigint) {
  return {
    mUserOp: {
      sender: op.sender,
      nonce: op.nonce,
      callGasLimit: op.callGasLimit,
      verificationGasLimit: op.verificationGasLimit,
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

function validation(
  returnInfo: {
    preOpGas: bigint
    prefund: bigint
    sigFailed: boolean
    validAfter: number
    validUntil: number
    paymasterContext: Hex
  },
  stakes: Pick<SimulatedValidation, 'senderStake' | 'factoryStake' | 'paymasterStake'>,
  aggregator: ValidationData['aggregator'],
): Simulated<SimulatedValidation> {
  const { preOpGas, prefund, sigFailed, validAfter, validUntil, paymasterContext } = returnInfo
  return {
    ok: true,
    result: {
      preOpGas,
      prefund,
      account: {
        unit: 'seconds',
        signatureFailed: sigFailed,
        aggregator,
        validAfter,
        validUntil: validUntil === endless ? 0 : validUntil,
      },
      paymaster: {
        unit: 'seconds',
        signatureFailed: false,
        aggregator: undefined,
        validAfter: 0,
        validUntil: 0,
      },
      ...stakes,
      paymasterContext,
    },
  }
}

function decodeResult(result: CallResult) {
  if (result.ok) return undefined
  try {
    return decodeErrorResult({ abi: entryPoint06Abi, data: result.data })
  } catch {
    // A revert of another contract that reached the top.
    return undefined
  }
}
