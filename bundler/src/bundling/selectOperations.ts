import type { PooledOperation } from '../types/pooledOperation.ts'
import { bundleGas, operationGas } from './bundleGas.ts'
import { MAX_OPERATION_BYTES, operationSize } from './bundleSize.ts'

export type SelectionLimits = {
  maxOperations: number
  /** Gas limit of the bundle transaction. */
  maxGas: bigint
}

export type Candidate = PooledOperation & {
  /** A bundle with it failed and it may be the reason. */
  suspect: boolean
}

export type Selection<T> = {
  /** In the order of the bundle. */
  selected: T[]
  /** Their time is over. */
  expired: T[]
}

/**
 * Picks the operations of the next bundle, in the order given.
 * An operation that cannot pay the base fee or is not due yet is passed over and stays in the pool.
 * A suspect goes alone, so that it can harm no other.
 * @param head Base fee in wei per gas and time in Unix seconds of the newest block.
 */
export function selectOperations<T extends Candidate>(
  candidates: readonly T[],
  head: { baseFeePerGas: bigint; timestamp: number },
  limits: SelectionLimits,
): Selection<T> {
  const expired = candidates.filter(
    ({ validUntil }) => validUntil !== 0 && validUntil < head.timestamp,
  )
  const selected: T[] = []
  let gas = 0n
  let size = 0
  for (const candidate of candidates) {
    if (selected.length >= limits.maxOperations) break
    if (expired.includes(candidate)) continue
    if (candidate.op.maxFeePerGas < head.baseFeePerGas) continue
    if (candidate.suspect && selected.length > 0) continue
    const needed = operationGas(candidate.entryPoint, candidate.op)
    const bytes = operationSize(candidate.entryPoint, candidate.op)
    if (bundleGas(gas + needed) > limits.maxGas || size + bytes > MAX_OPERATION_BYTES) continue
    gas += needed
    size += bytes
    selected.push(candidate)
    if (candidate.suspect) break
  }
  return { selected, expired }
}
