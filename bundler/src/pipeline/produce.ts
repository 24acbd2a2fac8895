import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { SelectionLimits } from '../bundling/selectOperations.ts'
import { selectOperations, timeOf } from '../bundling/selectOperations.ts'
import type { Block } from '../chain/block.ts'
import { smallerOf } from '../math/amounts.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { ExecutorPool } from '../submission/executorPool.ts'
import type { Bundle } from '../types/bundle.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { BundleJob, ProduceBundleDependencies, ProducedBundle } from './produceBundle.ts'
import { produceBundle } from './produceBundle.ts'

export type ProduceDependencies = Omit<
  ProduceBundleDependencies,
  'mempool' | 'reputation' | 'executors'
> & {
  entryPoints: readonly EntryPointAdapter[]
  mempool: Mempool
  reputation: ReputationTracker
  executors: ExecutorPool
  limits: SelectionLimits
  /** Operations older than this many milliseconds are given up. */
  operationTtlMs: number
  /** Newest settled block; `undefined` until the node has answered once. */
  head: () => Block | undefined
  /** The pool holds operations that another look may find a bundle for, at once or after a while. */
  onLeft: (when: 'now' | 'later') => void
  /** One bundle failed, beside others that were sent; its operations are back in the pool. */
  onFailed: (error: unknown) => void
}

/**
 * Makes and sends bundles until executors or operations run out, each bundle of one EntryPoint.
 * @returns The bundles that are now on their way.
 * @throws RpcError `nodeUnavailable` and others when no bundle was sent, after every operation is back in the pool.
 */
export function createProducer(deps: ProduceDependencies): () => Promise<Bundle[]> {
  // Each run begins with another EntryPoint, so that a busy one does not starve the others.
  let turn = 0
  let previous: Promise<unknown> = Promise.resolve()

  // One run at a time: two would select the same operations.
  return () => {
    const next = previous.then(run)
    previous = next.catch(() => undefined)
    return next
  }

  async function run(): Promise<Bundle[]> {
    const head = deps.head()
    if (!head) return []
    const results = await Promise.allSettled(jobs(head).map((job) => runJob(deps, job)))
    const failed = results.find((result) => result.status === 'rejected')
    const produced = results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    )
    const sent = produced.flatMap(({ bundle }) => bundle ?? [])
    if (failed && sent.length === 0) throw failed.reason
    if (failed) deps.onFailed(failed.reason)
    if (produced.some(({ again }) => again === 'now')) deps.onLeft('now')
    else if (produced.some(({ again }) => again === 'later')) deps.onLeft('later')
    return sent
  }

  /** Takes operations and executors for as many bundles as there can be. */
  function jobs(head: Block): BundleJob[] {
    const { entryPoints, executors, mempool } = deps
    const taken: BundleJob[] = []
    const first = turn++
    for (const [index] of entryPoints.entries()) {
      const entryPoint = entryPoints[(first + index) % entryPoints.length]
      if (!entryPoint) continue
      for (;;) {
        const executor = executors.acquire()
        if (!executor) return taken
        const operations = select(deps, entryPoint, head)
        if (operations.length === 0) {
          executors.release(executor.account.address)
          break
        }
        mempool.setState(hashesOf(operations), 'inFlight')
        taken.push({ entryPoint, operations, executor, head })
      }
    }
    return taken
  }
}

async function runJob(deps: ProduceDependencies, job: BundleJob): Promise<ProducedBundle> {
  try {
    return await produceBundle(deps, job)
  } finally {
    // What no bundle carries now waits again, whatever happened.
    const back = hashesOf(job.operations).filter(
      (hash) => !deps.bundles.carrierOf(hash) && deps.mempool.get(hash)?.state === 'inFlight',
    )
    deps.mempool.setState(back, 'waiting')
    deps.executors.release(job.executor.account.address)
  }
}

/** The next operations of one EntryPoint. */
function select(
  deps: ProduceDependencies,
  entryPoint: EntryPointAdapter,
  head: Block,
): PooledOperation[] {
  const { mempool, reputation } = deps
  const ranking = mempool.ranking(entryPoint.address, head.baseFeePerGas)
  try {
    return selectOperations(ranking, {
      head,
      time: timeOf(head, deps.now()),
      limits: { ...deps.limits, maxGas: smallerOf(head.gasLimit, deps.limits.maxGas) },
      oldest: deps.now() - deps.operationTtlMs,
      isThrottled: (address) => reputation.status(entryPoint.address, address) !== 'ok',
      inFlight: mempool.inFlight(),
    })
  } finally {
    ranking.close()
  }
}

function hashesOf(operations: readonly PooledOperation[]) {
  return operations.map(({ hash }) => hash)
}
