import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex, SignedAuthorization } from 'viem'
import type { ChainReader } from '../chain/reader.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { checkAuthorizations } from './authorizations.ts'
import type { OperationFailure } from './dryRun.ts'
import { dryRun, handleOpsGas } from './dryRun.ts'

/** A `handleOps` call that was seen to pass. */
export type BundleCall = {
  entryPoint: EntryPointAdapter
  operations: PooledOperation[]
  data: Hex
  gas: bigint
  authorizations: SignedAuthorization[]
}

export type BuiltBundle = {
  /** Absent when no operation passed. */
  call: BundleCall | undefined
  failures: OperationFailure[]
  /** Not judged in this bundle. */
  undecided: PooledOperation[]
}

/**
 * Makes the `handleOps` call of a bundle out of selected operations; the executor is the beneficiary.
 * @throws RpcError `nodeUnavailable`.
 */
export async function buildBundle(
  reader: Pick<ChainReader, 'call' | 'request'>,
  bundle: {
    entryPoint: EntryPointAdapter
    operations: readonly PooledOperation[]
    executor: Address
  },
): Promise<BuiltBundle> {
  const { entryPoint, executor } = bundle
  const checked = await checkAuthorizations(reader, bundle.operations)
  const run = await dryRun(reader, { entryPoint, executor, operations: checked.operations })
  const failures = [...checked.failures, ...run.failures]
  if (run.passing.length === 0) return { call: undefined, failures, undecided: run.undecided }

  const carried = new Set(run.passing.map(({ op }) => op.eip7702Auth))
  const call: BundleCall = {
    entryPoint,
    operations: run.passing,
    data: entryPoint.encodeHandleOps(
      run.passing.map(({ op }) => op),
      executor,
    ),
    gas: handleOpsGas(entryPoint, run.passing),
    authorizations: checked.authorizations.filter((authorization) => carried.has(authorization)),
  }
  return { call, failures, undecided: run.undecided }
}
