import { fastLzLength } from './fastLz.ts'

/** What a chain of the OP stack charges for data, at one head. */
export type OpStackPrices = {
  /** Wei per gas of the L1. */
  l1BaseFee: bigint
  /** Wei per blob gas of the L1. */
  blobBaseFee: bigint
  baseFeeScalar: bigint
  blobBaseFeeScalar: bigint
  /** Wei per transaction (Isthmus). */
  operatorFeeConstant: bigint
  /** Wei per 1,000,000 gas (Isthmus). */
  operatorFeePerMillionGas: bigint
  /** Of the chain itself, wei per gas. */
  baseFee: bigint
}

/** [Fjord] Estimated size of a transaction in a batch, in millionths of a byte: linear in its FastLZ length. */
const intercept = -42_585_600n
const perFastLzByte = 836_500n
const leastSize = 100_000_000n

/**
 * [Fjord] L1 data fee of a transaction.
 * @param transaction As it is signed and serialised.
 * @returns wei
 */
export function l1DataFee(transaction: Uint8Array, prices: OpStackPrices): bigint {
  const linear = intercept + perFastLzByte * BigInt(fastLzLength(transaction))
  const size = linear > leastSize ? linear : leastSize
  const price =
    16n * prices.baseFeeScalar * prices.l1BaseFee + prices.blobBaseFeeScalar * prices.blobBaseFee
  return (size * price) / 1_000_000_000_000n
}

/**
 * [Isthmus] Operator fee of a transaction that uses `gas`.
 * @returns wei
 */
export function operatorFee(gas: bigint, prices: OpStackPrices): bigint {
  return prices.operatorFeeConstant + (gas * prices.operatorFeePerMillionGas) / 1_000_000n
}
