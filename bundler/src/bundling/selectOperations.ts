import type { Address } from 'viem'
import type { Accessor } from '../conflicts/conflict.ts'
import { accessorOf } from '../conflicts/conflict.ts'
import type { ConflictIndex } from '../conflicts/conflictIndex.ts'
import { createConflictIndex } from '../conflicts/conflictIndex.ts'
import { paysNoFees } from '../fees/zeroFee.ts'
import { MAX_OPERATION_BYTES, operationSize } from '../fields/operationSize.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { bundleGas, operationGas } from './bundleGas.ts'

/** Blocks after the newest one in which an operation must still be valid: the bundle's own, and one for the way. */
const INCLUSION_BLOCKS = 2

/** [GREP-020] Operations with a throttled entity in one bundle (THROTTLED_ENTITY_BUNDLE_COUNT). */
const THROTTLED_ENTITY_BUNDLE_COUNT = 4

/** Operations too large for what is left of a bundle, after which it is full enough. */
const MAX_MISFITS = 20

/**
 * Seconds for which an operation must still be valid when it is bundled: one that expires before its block
 * makes the whole bundle revert, at the cost of the executor. A slot of Ethereum has twelve.
 */
const INCLUSION_SECONDS = 15

export type SelectionLimits = {
  maxOperations: number
  /** Gas limit of the bundle transaction. */
  maxGas: bigint
}

export type Candidate = PooledOperation & {
  /** A bundle with it failed and it may be the reason. */
  suspect: boolean
}

/** Candidates, best payer first; `take` opens the way for the next nonce on the key of the taken one. */
export type CandidateSource<T> = {
  next(): T | undefined
  take(candidate: T): void
}

export type SelectionContext = {
  /** Base fee in wei per gas of the newest block, and its number. */
  head: { baseFeePerGas: bigint; number: number }
  /** Unix seconds, as `timeOf` tells. */
  time: number
  limits: SelectionLimits
  /** Admitted before this time (Unix ms): given up. */
  oldest: number
  isThrottled: (address: Address) => boolean
  /** What operations on their way access: a bundle must not depend on another one. */
  inFlight: Pick<ConflictIndex, 'conflictOf'>
}

/**
 * Picks the operations of the next bundle, in its order.
 *
 * - One that cannot pay the base fee, whose time is over or will be before a block, or that would invalidate another one by the
 *   storage it accesses (STO-041) is passed over and stays in the pool.
 * - [GREP-020] A throttled entity has at most four operations in it.
 * - A suspect goes alone, so that it can harm no other.
 */
export function selectOperations<T extends Candidate>(
  candidates: CandidateSource<T>,
  context: SelectionContext,
): T[] {
  const { head, limits, inFlight, oldest } = context
  const lastBlock = head.number + INCLUSION_BLOCKS
  const lastsUntil = context.time + INCLUSION_SECONDS
  const selected: T[] = []
  const accesses = createConflictIndex()
  const withThrottled = new Map<Address, number>()
  let gas = 0n
  let size = 0
  let misfits = 0

  const isConflict = (accessor: Accessor) =>
    accesses.conflictOf(accessor) !== undefined || inFlight.conflictOf(accessor) !== undefined

  while (selected.length < limits.maxOperations) {
    const candidate = candidates.next()
    if (!candidate) break
    const { op, entryPoint } = candidate
    // Nor can those after it: they pay less. One without any fees was accepted on the executor's account.
    if (op.maxFeePerGas < head.baseFeePerGas && !paysNoFees(op)) break
    if (candidate.addedAt < oldest || expiresBefore(candidate, lastsUntil)) continue
    if ((candidate.validUntilBlock ?? lastBlock) < lastBlock) continue
    if (candidate.suspect && selected.length > 0) continue
    const throttled = throttledOf(candidate, context)
    const full = (address: Address) =>
      (withThrottled.get(address) ?? 0) >= THROTTLED_ENTITY_BUNDLE_COUNT
    if (throttled.some(full)) continue
    const needed = operationGas(entryPoint, op)
    const bytes = operationSize(entryPoint, op)
    if (bundleGas(gas + needed) > limits.maxGas || size + bytes > MAX_OPERATION_BYTES) {
      misfits += 1
      if (misfits === MAX_MISFITS) break
      continue
    }
    const accessor = accessorOf(candidate)
    if (isConflict(accessor)) continue

    gas += needed
    size += bytes
    accesses.add(accessor)
    for (const address of throttled) {
      withThrottled.set(address, (withThrottled.get(address) ?? 0) + 1)
    }
    selected.push(candidate)
    candidates.take(candidate)
    if (candidate.suspect) break
  }
  return selected
}

/** Whether the time of an operation has run out. */
export function isOver(
  { validUntil, addedAt }: Pick<PooledOperation, 'validUntil' | 'addedAt'>,
  { head, oldest }: { head: { timestamp: number }; oldest: number },
): boolean {
  return addedAt < oldest || expiresBefore({ validUntil }, head.timestamp)
}

/** @param time Unix seconds. */
export function expiresBefore(
  { validUntil }: Pick<PooledOperation, 'validUntil'>,
  time: number,
): boolean {
  return validUntil !== 0 && validUntil < time
}

/**
 * Least time that the next block has: that of the newest one where its clock is ahead, as on test chains.
 * @param now Unix milliseconds.
 * @returns Unix seconds.
 */
export function timeOf(head: { timestamp: number }, now: number): number {
  return Math.max(head.timestamp, Math.floor(now / 1_000))
}

function throttledOf(
  { op }: PooledOperation,
  { isThrottled }: Pick<SelectionContext, 'isThrottled'>,
): Address[] {
  const entities = new Set([op.sender, op.factory, op.paymaster])
  return [...entities].filter(
    (address) => address !== undefined && isThrottled(address),
  ) as Address[]
}
