import { accusedEntity } from '@fabstir/erc4337'
import type { OperationFailure } from '../bundling/dryRun.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'

export type InCompany = {
  /** [EREP-020] A staked factory answers for what its accounts do to each other. */
  blamed: OperationFailure[]
  /** They may pass in a bundle of their own. */
  apart: OperationFailure[]
}

/**
 * Tells apart operations that pass alone and fail together with others of `operations`.
 *
 * Such operations share storage only through a staked entity (STO-031 to STO-033). A staked factory
 * whose accounts fail by that is accountable at once, as if the bundle had been tried one by one. A
 * paymaster whose budget is used up by others is not: its operation is tried again behind them.
 */
export function sortInCompany(
  failures: readonly OperationFailure[],
  operations: readonly PooledOperation[],
): InCompany {
  const sorted: InCompany = { blamed: [], apart: [] }
  for (const failure of failures) {
    const isBlamed = isFactoryAccountable(failure, operations)
    sorted[isBlamed ? 'blamed' : 'apart'].push(failure)
  }
  return sorted
}

function isFactoryAccountable(
  { operation, reason }: OperationFailure,
  operations: readonly PooledOperation[],
): boolean {
  const { hash, op, record } = operation
  const accused = accusedEntity(reason.rule)
  if (accused !== 'account' && accused !== 'factory') return false
  if (!op.factory || !record?.staked.includes('factory')) return false
  return operations.some((other) => other.hash !== hash && other.op.factory === op.factory)
}
