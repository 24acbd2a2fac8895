import type { Hex } from 'viem'
import { hexToNumber, slice } from 'viem'

/** How a simulation is seen to have succeeded, by its output alone. */
export type Judge = {
  /** Whether it reverts with its result, and the errors that are results. */
  reverts: boolean
  result: Hex
  otherResult: Hex
  /** Byte offset in the output of a word that must be 1; 0 for none. */
  flagAt: bigint
}

/**
 * Where the simulations of an EntryPoint version have their gas limits, as byte offsets of 16-byte
 * numbers, and where their results stand.
 */
export type SearchLayout = {
  /** In an encoded operation. */
  operation(encoded: Hex): {
    verificationGasLimit: number
    /** Absent without a paymaster, and on EntryPoint 0.6. */
    paymasterVerificationGasLimit?: number
    /** Absent without a paymaster, and on EntryPoint 0.6. */
    paymasterPostOpGasLimit?: number
  }
  /** In the calldata of `innerHandleOp`. */
  inner: { callGasLimit: number; postOpGasLimit: number }
  validation: Judge
  /** Of `simulateHandleOp`, with success of the target's call. */
  execution: Judge
  /** Where a simulated validation has the context: offset of `returnInfo`, and word in it. */
  contextPlace: { base: bigint; word: bigint }
}

/** Byte offsets of the operation in the calldata of the simulations. */
export const operationStart = { validation: 4 + 32, execution: 4 + 3 * 32 }

const word = 32
/** A number below 2^128 in a word. */
const low = 16
const noSelector = '0x00000000'

/** Packed operations; results are returned. */
export const searchLayout07: SearchLayout = {
  operation(encoded) {
    const verificationGasLimit = 4 * word
    const paymasterAndData = hexToNumber(slice(encoded, 7 * word, 8 * word))
    if (hexToNumber(slice(encoded, paymasterAndData, paymasterAndData + word)) === 0)
      return { verificationGasLimit }
    const paymasterVerificationGasLimit = paymasterAndData + word + 20
    return {
      verificationGasLimit,
      paymasterVerificationGasLimit,
      paymasterPostOpGasLimit: paymasterVerificationGasLimit + 16,
    }
  },
  // Selector, offset of the call data, and then the words of MemoryUserOp.
  inner: {
    callGasLimit: 4 + word + 3 * word + low,
    postOpGasLimit: 4 + word + 5 * word + low,
  },
  validation: { reverts: false, result: noSelector, otherResult: noSelector, flagAt: 0n },
  execution: {
    reverts: false,
    result: noSelector,
    otherResult: noSelector,
    flagAt: BigInt(word + 4 * word),
  },
  contextPlace: { base: BigInt(word), word: 4n },
}

/** Operations of 0.6; results are errors, with these selectors. */
export function searchLayout06(results: {
  validation: Hex
  validationWithAggregation: Hex
  execution: Hex
}): SearchLayout {
  return {
    operation: () => ({ verificationGasLimit: 5 * word + low }),
    inner: {
      callGasLimit: 4 + word + 2 * word + low,
      // `verificationGasLimit` bounds `postOp`.
      postOpGasLimit: 4 + word + 3 * word + low,
    },
    validation: {
      reverts: true,
      result: results.validation,
      otherResult: results.validationWithAggregation,
      flagAt: 0n,
    },
    execution: {
      reverts: true,
      result: results.execution,
      otherResult: results.execution,
      flagAt: BigInt(4 + 4 * word),
    },
    contextPlace: { base: 4n, word: 5n },
  }
}
