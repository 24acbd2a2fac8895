import { smallerOf } from '../math/amounts.ts'
import type { Fees } from './replacement.ts'

/** Wei per gas that an operation pays in a block with base fee `baseFee`; negative fees do not exist. */
export function effectiveGasPrice(fees: Fees, baseFee: bigint): bigint {
  return smallerOf(fees.maxFeePerGas, baseFee + fees.maxPriorityFeePerGas)
}

/** Sorts by effective gas price, highest first; among equals the longest waiting first. */
export function orderByFee<T extends { op: Fees; addedAt: number }>(
  operations: readonly T[],
  baseFee: bigint,
): T[] {
  return operations
    .map((operation) => ({ operation, price: effectiveGasPrice(operation.op, baseFee) }))
    .sort((a, b) => {
      if (a.price !== b.price) return a.price > b.price ? -1 : 1
      return a.operation.addedAt - b.operation.addedAt
    })
    .map(({ operation }) => operation)
}
