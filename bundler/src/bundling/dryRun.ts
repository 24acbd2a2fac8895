import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { ChainReader } from '../chain/reader.ts'
import { delegationOverride, mergeStateOverrides } from '../simulation/stateOverride.ts'
import type { DropReason } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { bundleGas, operationGas } from './bundleGas.ts'

export type OperationFailure = { operation: PooledOperation; reason: DropReason }

export type DryRunResult = {
  /** Together they pass as one `handleOps`. */
  passing: PooledOperation[]
  /** The EntryPoint named them, or they failed alone. */
  failures: OperationFailure[]
  /** Neither: there was no run left to judge them. */
  undecided: PooledOperation[]
}

/** `eth_call`s for one bundle; what is undecided then waits for the next bundle. */
const MAX_RUNS = 12

/**
 * Finds the operations that pass as one bundle, by running the real `handleOps` from the executor.
 * `FailedOp` takes out the operation it names; a revert that names none is isolated by halving.
 * @throws RpcError `nodeUnavailable`: then nothing is known about any operation.
 */
export async function dryRun(
  reader: Pick<ChainReader, 'call'>,
  bundle: {
    entryPoint: EntryPointAdapter
    operations: readonly PooledOperation[]
    executor: Address
  },
): Promise<DryRunResult> {
  const { entryPoint, executor } = bundle
  const failures: OperationFailure[] = []
  const undecided: PooledOperation[] = []
  let passing = [...bundle.operations]

  for (let run = 0; passing.length > 0; run++) {
    if (run === MAX_RUNS) {
      undecided.push(...passing)
      return { passing: [], failures, undecided }
    }
    const ops = passing.map(({ op }) => op)
    const result = await reader.call({
      from: executor,
      to: entryPoint.address,
      data: entryPoint.encodeHandleOps(ops, executor),
      gas: handleOpsGas(entryPoint, passing),
      // `eth_call` carries no authorization list on most nodes: the delegations are there as code.
      stateOverride: mergeStateOverrides(...ops.map(delegationOverride)),
    })
    if (result.ok) break
    const revert = entryPoint.decodeRevert(result.data)
    const named = revert.kind === 'failedOp' ? passing[revert.opIndex] : undefined
    if (revert.kind === 'failedOp' && named) {
      failures.push({
        operation: named,
        reason: {
          rule: revert.aaCode ?? 'failedOp',
          message: revert.reason,
          revertData: revert.inner ?? result.data,
        },
      })
      passing = passing.filter((operation) => operation !== named)
    } else if (passing.length === 1) {
      const [operation] = passing
      const reason = { rule: 'bundleReverts', message: result.message, revertData: result.data }
      if (operation) failures.push({ operation, reason })
      passing = []
    } else {
      const half = Math.ceil(passing.length / 2)
      undecided.push(...passing.slice(half))
      passing = passing.slice(0, half)
    }
  }
  return { passing, failures, undecided }
}

/** Gas limit for a bundle of `operations`. */
export function handleOpsGas(
  entryPoint: EntryPointAdapter,
  operations: readonly PooledOperation[],
): bigint {
  return bundleGas(operations.reduce((gas, { op }) => gas + operationGas(entryPoint, op), 0n))
}
