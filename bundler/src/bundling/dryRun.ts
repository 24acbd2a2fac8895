import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import type { CallResult, ChainReader } from '../chain/reader.ts'
import type { DropReason, FailurePhase } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { BundleToRun, DriverResult } from './driverCall.ts'
import { decodeDriverResult, driverCall } from './driverCall.ts'

export type OperationFailure = {
  operation: PooledOperation
  reason: DropReason
  /** Absent where nobody can be blamed. */
  phase?: FailurePhase
  /** It failed behind operations of its own sender, which may be the reason: it may pass after them. */
  amongSiblings?: boolean
}

/** The block whose state a dry run saw. */
export type SeenBlock = Pick<DriverResult, 'blockNumber' | 'parentHash'>

export type DryRunResult = {
  /** Together they pass as one `handleOps`. */
  passing: PooledOperation[]
  /** They fail alone, or behind operations of their own sender. */
  failures: OperationFailure[]
  /** They fail in this company only. */
  inCompany: OperationFailure[]
  /** Neither: there was no gas left to judge them, or they are behind one that failed. */
  undecided: PooledOperation[]
  seen: SeenBlock
  /** Of `handleOps` with all that pass, before refunds. */
  gasUsed: bigint
  /** Wei that the executor gets. */
  paid: bigint
  /** Wei per gas. */
  baseFee: bigint
}

/**
 * Finds the operations that pass as one bundle: one `eth_call`, in which a driver tries the real
 * `handleOps` of the EntryPoint from the executor, and leaves out what fails (BundleDriver.sol).
 * @throws RpcError `nodeUnavailable` when there is no answer that says anything, ChainError when the
 * node refused the call: then nothing is known about any operation.
 */
export async function dryRun(
  reader: Pick<ChainReader, 'call'>,
  bundle: BundleToRun,
): Promise<DryRunResult> {
  const result = readResult(await reader.call(driverCall(bundle)), bundle.operations.length)
  const run: DryRunResult = {
    passing: [],
    failures: [],
    inCompany: [],
    undecided: [],
    seen: { blockNumber: result.blockNumber, parentHash: result.parentHash },
    gasUsed: result.gasUsed,
    paid: result.paid,
    baseFee: result.baseFee,
  }
  for (const [index, operation] of bundle.operations.entries()) {
    const verdict = result.verdicts[index] ?? 'undecided'
    const reason = reasonOf(bundle.entryPoint, result.reverts[index] ?? '0x')
    if (verdict === 'passed') run.passing.push(operation)
    else if (verdict === 'undecided') run.undecided.push(operation)
    else if (verdict === 'failedInCompany') {
      run.inCompany.push({ operation, reason, phase: 'bundleCreation' })
    } else if (verdict === 'failedAmongSiblings') {
      run.failures.push({ operation, reason, amongSiblings: true })
    } else run.failures.push(failure(operation, reason))
  }
  return run
}

/** Whoever makes the EntryPoint revert without being named cannot be told from a fault of the bundle. */
function failure(operation: PooledOperation, reason: DropReason): OperationFailure {
  if (reason.rule === 'bundleReverts') return { operation, reason }
  return { operation, reason, phase: 'secondValidation' }
}

function readResult(answer: CallResult, operations: number): DriverResult {
  try {
    const result = answer.ok ? decodeDriverResult(answer.data) : undefined
    if (result?.verdicts.length === operations) return result
  } catch {
    // Told below: bytes of a node that does not run what it is given.
  }
  throw new RpcError(
    rpcErrorCode.nodeUnavailable,
    'the node does not dry-run bundles as it should',
    {
      reason: 'nodeUnavailable',
      ...(answer.ok ? {} : { message: answer.message }),
    },
  )
}

function reasonOf(entryPoint: EntryPointAdapter, data: Hex): DropReason {
  const revert = entryPoint.decodeRevert(data)
  if (revert.kind === 'failedOp') {
    return {
      rule: revert.aaCode ?? 'failedOp',
      message: revert.reason,
      revertData: revert.inner ?? data,
    }
  }
  const message = revert.kind === 'message' ? revert.message : 'the EntryPoint reverted'
  return { rule: 'bundleReverts', message, revertData: data }
}
