import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { BuildDependencies, BuiltBundle } from '../bundling/buildBundle.ts'
import { buildBundle } from '../bundling/buildBundle.ts'
import type { OperationFailure } from '../bundling/dryRun.ts'
import type { Block } from '../chain/block.ts'
import { ChainError } from '../chain/reader.ts'
import { bundleFees } from '../submission/bundleFees.ts'
import type { Executor } from '../submission/executorPool.ts'
import type { Bundle } from '../types/bundle.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { LossDependencies } from './bundleLoss.ts'
import { bundleLoss } from './bundleLoss.ts'
import { judgeChanges } from './judgeChanges.ts'
import type { JudgeFailuresDependencies } from './judgeFailures.ts'
import { deferUpdates, judgeFailures } from './judgeFailures.ts'
import type { SendBundleDependencies } from './sendBundle.ts'
import { isolate, sendBundle } from './sendBundle.ts'
import { sortInCompany } from './sortInCompany.ts'

export type ProduceBundleDependencies = SendBundleDependencies &
  JudgeFailuresDependencies &
  LossDependencies & {
    building: BuildDependencies
  }

export type BundleJob = {
  entryPoint: EntryPointAdapter
  operations: readonly PooledOperation[]
  executor: Executor
  head: Block
}

export type ProducedBundle = {
  bundle: Bundle | undefined
  /**
   * When to look at the pool again without anything new in it: at once, because there may be another
   * bundle in it, or after a while, because nothing came of this look.
   */
  again: 'now' | 'later' | undefined
}

/** Makes one bundle out of selected operations and sends it. Who fails is judged on the way. */
export async function produceBundle(
  deps: ProduceBundleDependencies,
  { entryPoint, operations, executor, head }: BundleJob,
): Promise<ProducedBundle> {
  let candidates = operations
  let again: ProducedBundle['again']
  while (candidates.length > 0) {
    const built = await build(deps, { entryPoint, operations: candidates, executor, head })
    const { blamed, apart } = sortInCompany(built.inCompany, candidates)
    const { seenBlock } = built
    await judgeFailures(deps, [...built.failures, ...blamed], { head, seenBlock })
    await judgeChanges(deps, built, head)
    setApart(deps, apart)
    const { call } = built
    if (built.undecided.length > 0) again ??= call || built.failures.length > 0 ? 'now' : 'later'
    // The place that was taken for nothing may be what others wait for.
    if (!call && built.failures.length + built.inCompany.length > 0) again ??= 'now'
    if (!call) return { bundle: undefined, again }
    const ops = call.operations.map(({ op }) => op)
    const fees = bundleFees(ops, head.baseFeePerGas)
    const loss = await bundleLoss(deps, call, fees)
    if (loss <= deps.maxBundleLoss) {
      const hashes = call.operations.map(({ hash }) => hash)
      const bundle = await sendBundle(deps, {
        entryPoint: entryPoint.address,
        executor,
        content: { to: entryPoint.address, ...call, operations: hashes },
        fees,
        conditions: call.conditions,
        head: head.number,
      })
      return { bundle, again }
    }
    // Half of them, and so on: what is left of the others is looked at again at once. Whoever loses alone
    // waits for a better block. A beginning of the bundle keeps the nonces of each sender in sequence.
    const [alone, ...others] = call.operations
    if (alone && others.length === 0) {
      await deferUpdates(deps, [alone], {
        rule: 'unprofitable',
        message: `a bundle with it would cost the executor ${loss} wei, ${deps.maxBundleLoss} are allowed`,
      })
      return { bundle: undefined, again: operations.length > 1 ? 'now' : again }
    }
    candidates = call.operations.slice(0, Math.ceil(call.operations.length / 2))
    again = 'now'
  }
  return { bundle: undefined, again }
}

/** A node that refuses the call itself may do so because of one operation: each goes alone from now on. */
async function build(deps: ProduceBundleDependencies, job: BundleJob): Promise<BuiltBundle> {
  const { entryPoint, operations, executor, head } = job
  const { address } = executor.account
  try {
    return await buildBundle(deps.building, { entryPoint, operations, executor: address, head })
  } catch (error) {
    if (error instanceof ChainError) {
      isolate(
        deps,
        operations.map(({ hash }) => hash),
      )
    }
    throw error
  }
}

/**
 * They fail in company and pass alone: kept, and from now on bundled alone. Not before the next block,
 * because on the state before this bundle they pass the dry run, and behind it they may fail.
 */
function setApart(
  { mempool }: Pick<ProduceBundleDependencies, 'mempool'>,
  failures: readonly OperationFailure[],
): void {
  const hashes = failures.map(({ operation }) => operation.hash)
  for (const hash of hashes) mempool.setSuspect(hash)
  mempool.setState(hashes, 'deferred')
}
