import type { Address } from 'viem'
import { getAddress, pad, toHex, zeroAddress } from 'viem'
import { sigValidationFailed } from './constants.ts'

/** When an operation may be included: Unix seconds, or block numbers (EntryPoint 0.9). */
export type ValidityRange = {
  unit: 'seconds' | 'blocks'
  /** Since EntryPoint 0.8 not yet valid at this value itself. */
  validAfter: number
  /** Last valid value; 0 means without end. */
  validUntil: number
}

export type ValidationData = ValidityRange & {
  signatureFailed: boolean
  /** Contract that checks signatures for the account; `undefined` when the account does it itself. */
  aggregator: Address | undefined
}

/** Set in both 48-bit bounds when they are block numbers (EntryPoint 0.9). */
const blockRangeFlag = 1n << 47n
const uint48Mask = (1n << 48n) - 1n
const addressMask = (1n << 160n) - 1n

/**
 * Splits the word that `validateUserOp` returns: aggregator, `validUntil`, `validAfter` (ERC-4337).
 * @param blockRanges Whether the EntryPoint knows block-number bounds (0.9).
 */
export function parseValidationData(
  packed: bigint,
  { blockRanges = false }: { blockRanges?: boolean } = {},
): ValidationData {
  const authorizer = getAddress(pad(toHex(packed & addressMask), { size: 20 }))
  const validUntil = (packed >> 160n) & uint48Mask
  const validAfter = (packed >> 208n) & uint48Mask
  const signer = {
    signatureFailed: authorizer === sigValidationFailed,
    aggregator:
      authorizer === zeroAddress || authorizer === sigValidationFailed ? undefined : authorizer,
  }
  // Strictly above the flag, and an absent end counts as the largest end: as the EntryPoint compares.
  const end = validUntil === 0n ? uint48Mask : validUntil
  if (blockRanges && validAfter > blockRangeFlag && end > blockRangeFlag) {
    const lastBlock = end & (blockRangeFlag - 1n)
    return {
      ...signer,
      unit: 'blocks',
      validAfter: Number(validAfter & (blockRangeFlag - 1n)),
      validUntil: validUntil === 0n ? 0 : Number(lastBlock),
    }
  }
  return {
    ...signer,
    unit: 'seconds',
    validAfter: Number(validAfter),
    validUntil: Number(validUntil),
  }
}

/** Range in which both hold. Both must have the same unit. */
export function intersectValidity(a: ValidityRange, b: ValidityRange): ValidityRange {
  if (a.unit !== b.unit) throw new ValidityUnitError(a, b)
  const ends = [a.validUntil, b.validUntil].filter((end) => end !== 0)
  return {
    unit: a.unit,
    validAfter: Math.max(a.validAfter, b.validAfter),
    validUntil: ends.length === 0 ? 0 : Math.min(...ends),
  }
}

/** A range of seconds was intersected with a range of blocks. */
export class ValidityUnitError extends Error {
  override name = 'ValidityUnitError'
  ranges: readonly [ValidityRange, ValidityRange]

  constructor(a: ValidityRange, b: ValidityRange) {
    super(`cannot intersect a validity in ${a.unit} with one in ${b.unit}`)
    this.ranges = [a, b]
  }
}
