import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { CallResult, ChainReader } from '../chain/reader.ts'
import { delegationOverride, mergeStateOverrides } from '../simulation/stateOverride.ts'
import type { DropReason, FailurePhase } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { bundleGas, operationGas } from './bundleGas.ts'

export type OperationFailure = {
  operation: PooledOperation
  reason: DropReason
  /** Absent where nobody can be blamed. */
  phase?: FailurePhase
  /** It failed behind operations of its own sender, which may be the reason: it may pass after them. */
  amongSiblings?: boolean
}

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

type BundleToRun = {
  entryPoint: EntryPointAdapter
  operations: readonly PooledOperation[]
  executor: Address
}

/**
 * Finds the operations that pass as one bundle, by running the real `handleOps` from the executor.
 * `FailedOp` takes out the operation it names, and what comes after it on its nonce key; a revert that
 * names none is isolated by halving. One that fails behind others is run by itself as well, because it
 * decides who is to blame (GREP-040).
 * @throws RpcError `nodeUnavailable`: then nothing is known about any operation.
 */
export async function dryRun(
  reader: Pick<ChainReader, 'call'>,
  bundle: BundleToRun,
): Promise<DryRunResult> {
  const { entryPoint } = bundle
  const failures: OperationFailure[] = []
  const undecided: PooledOperation[] = []
  let passing = [...bundle.operations]

  for (let run = 0; passing.length > 0; run++) {
    if (run === MAX_RUNS) {
      undecided.push(...passing)
      return { passing: [], failures, undecided }
    }
    const result = await handleOps(reader, { ...bundle, operations: passing })
    if (result.ok) break
    const revert = entryPoint.decodeRevert(result.data)
    const named = revert.kind === 'failedOp' ? passing[revert.opIndex] : undefined
    if (named) {
      const before = passing.slice(0, passing.indexOf(named))
      failures.push(await attribute(reader, bundle, { named, before, result }))
      undecided.push(...passing.filter((operation) => isBehind(operation, named)))
      passing = passing.filter((operation) => operation !== named && !isBehind(operation, named))
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

type Refusal = Extract<CallResult, { ok: false }>

/** Finds out whether an operation that the EntryPoint named fails without the ones before it, too. */
async function attribute(
  reader: Pick<ChainReader, 'call'>,
  bundle: BundleToRun,
  failure: { named: PooledOperation; before: readonly PooledOperation[]; result: Refusal },
): Promise<OperationFailure> {
  const { named, before, result } = failure
  const inBundle = { operation: named, reason: reasonOf(bundle.entryPoint, result) }
  if (before.length === 0) return { ...inBundle, phase: 'secondValidation' }
  if (before.some(({ op }) => op.sender === named.op.sender)) {
    return { ...inBundle, amongSiblings: true }
  }
  const alone = await handleOps(reader, { ...bundle, operations: [named] })
  if (alone.ok) return { ...inBundle, phase: 'bundleCreation' }
  const reason = reasonOf(bundle.entryPoint, alone)
  return { operation: named, reason, phase: 'secondValidation' }
}

function reasonOf(entryPoint: EntryPointAdapter, { data, message }: Refusal): DropReason {
  const revert = entryPoint.decodeRevert(data)
  if (revert.kind !== 'failedOp') return { rule: 'bundleReverts', message, revertData: data }
  return {
    rule: revert.aaCode ?? 'failedOp',
    message: revert.reason,
    revertData: revert.inner ?? data,
  }
}

/** Whether an operation can only go after `first`. */
function isBehind({ op }: PooledOperation, { op: first }: PooledOperation): boolean {
  return (
    op.sender === first.sender && op.nonce >> 64n === first.nonce >> 64n && op.nonce > first.nonce
  )
}

function handleOps(
  reader: Pick<ChainReader, 'call'>,
  { entryPoint, operations, executor }: BundleToRun,
): Promise<CallResult> {
  const ops = operations.map(({ op }) => op)
  return reader.call({
    from: executor,
    to: entryPoint.address,
    data: entryPoint.encodeHandleOps(ops, executor),
    gas: handleOpsGas(entryPoint, operations),
    // `eth_call` carries no authorization list on most nodes: the delegations are there as code.
    stateOverride: mergeStateOverrides(...ops.map(delegationOverride)),
  })
}

/** Gas limit for a bundle of `operations`. */
export function handleOpsGas(
  entryPoint: EntryPointAdapter,
  operations: readonly PooledOperation[],
): bigint {
  return bundleGas(operations.reduce((gas, { op }) => gas + operationGas(entryPoint, op), 0n))
}
