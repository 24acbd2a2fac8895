import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { buildBundle } from '../bundling/buildBundle.ts'
import type { OperationFailure } from '../bundling/dryRun.ts'
import type { SelectionLimits } from '../bundling/selectOperations.ts'
import { selectOperations } from '../bundling/selectOperations.ts'
import type { Block } from '../chain/block.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { SendOutcome, TransactionSender } from '../chain/transactionSender.ts'
import { smallerOf } from '../math/amounts.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { Store, StoreChange } from '../store/store.ts'
import { bundleFees } from '../submission/bundleFees.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { Executor, ExecutorPool } from '../submission/executorPool.ts'
import { signTransaction } from '../submission/signTransaction.ts'
import type { Bundle } from '../types/bundle.ts'
import { bundleId } from '../types/bundle.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'
import { applyUpdates } from './applyUpdates.ts'
import { judgeFailure } from './judgeFailure.ts'

/** Milliseconds that an executor rests after the node refused its transaction. */
const REFUSED_REST_MS = 900

export type ProduceDependencies = {
  chainId: number
  entryPoints: readonly EntryPointAdapter[]
  reader: Pick<ChainReader, 'call' | 'request'>
  sender: TransactionSender
  mempool: Mempool
  reputation: ReputationTracker
  store: Pick<Store, 'commit'>
  bundles: BundleRegistry
  executors: ExecutorPool
  limits: SelectionLimits
  /** Operations older than this many milliseconds are given up. */
  operationTtlMs: number
  findInclusionOnChain: (hash: Hex) => Promise<Inclusion | undefined>
  /** Takes out of the pool what may not stay after reputation changed. */
  sweep: (head: Block) => Promise<void>
  /** Newest settled block; `undefined` until the node has answered once. */
  head: () => Block | undefined
  /** Unix milliseconds. */
  now: () => number
  onUpdates: (updates: readonly OperationUpdate[]) => void
  onRefused: (bundle: Bundle, outcome: SendOutcome) => void
}

/**
 * Makes and sends bundles until executors or operations run out, each bundle of one EntryPoint.
 * @returns The bundles that are now on their way.
 * @throws RpcError `nodeUnavailable` and others, after every operation is back in the pool.
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
    const { entryPoints, executors } = deps
    const jobs: Promise<Bundle | undefined>[] = []
    const first = turn++
    for (const [index] of entryPoints.entries()) {
      const entryPoint = entryPoints[(first + index) % entryPoints.length]
      if (!entryPoint) continue
      for (let round = 0; round < executors.addresses().length; round++) {
        const operations = select(deps, entryPoint, head)
        if (operations.length === 0) break
        const executor = executors.acquire()
        if (!executor) break
        const hashes = operations.map(({ hash }) => hash)
        deps.mempool.setState(hashes, 'inFlight')
        jobs.push(produceBundle(deps, { entryPoint, operations, executor, head }))
      }
    }
    const results = await Promise.allSettled(jobs)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    return results.flatMap((result) =>
      result.status === 'fulfilled' && result.value ? [result.value] : [],
    )
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
      limits: { ...deps.limits, maxGas: smallerOf(head.gasLimit, deps.limits.maxGas) },
      oldest: deps.now() - deps.operationTtlMs,
      isThrottled: (address) => reputation.status(entryPoint.address, address) !== 'ok',
      inFlight: mempool.inFlight(),
    })
  } finally {
    ranking.close()
  }
}

type Job = {
  entryPoint: EntryPointAdapter
  operations: PooledOperation[]
  executor: Executor
  head: Block
}

async function produceBundle(deps: ProduceDependencies, job: Job): Promise<Bundle | undefined> {
  const { entryPoint, operations, executor, head } = job
  const { mempool, executors } = deps
  const { address } = executor.account
  const { nonce } = executor
  const isCarried = ({ hash }: PooledOperation) => deps.bundles.carrierOf(hash) !== undefined
  try {
    const built = await buildBundle(deps.reader, { entryPoint, operations, executor: address })
    await judgeFailures(deps, built.failures, head)
    const { call } = built
    // `debug_bundler_clearState` may have emptied the pool in the meantime.
    if (!call?.operations.every(({ hash }) => mempool.get(hash))) return undefined

    const fees = bundleFees(
      call.operations.map(({ op }) => op),
      head.baseFeePerGas,
    )
    const hashes = call.operations.map(({ hash }) => hash)
    const transaction = await signTransaction(
      { to: entryPoint.address, ...call, operations: hashes },
      { chainId: deps.chainId, executor, nonce, fees },
    )
    const bundle: Bundle = {
      id: bundleId(address, nonce),
      entryPoint: entryPoint.address,
      executor: address,
      nonce,
      operations: hashes,
      transactions: [transaction],
      createdAt: deps.now(),
      sentAtBlock: head.number,
    }
    return await sendJournaled(deps, bundle)
  } finally {
    // What no bundle carries now waits again, whatever happened.
    const back = operations.filter((operation) => !isCarried(operation))
    const stillOurs = back.filter(({ hash }) => mempool.get(hash)?.state === 'inFlight')
    mempool.setState(
      stillOurs.map(({ hash }) => hash),
      'waiting',
    )
    executors.release(address)
  }
}

/** Journal first, then send: after a crash the same bytes are sent again, never other ones. */
async function sendJournaled(
  deps: ProduceDependencies,
  bundle: Bundle,
): Promise<Bundle | undefined> {
  const [transaction] = bundle.transactions
  if (!transaction) return undefined
  await deps.store.commit([{ type: 'bundleSaved', bundle }])
  deps.bundles.set(bundle)
  const outcome = await deps.sender.send(transaction.raw)
  if (outcome.type === 'refused') {
    deps.onRefused(bundle, outcome)
    await deps.store.commit([{ type: 'bundleRemoved', id: bundle.id }])
    deps.bundles.remove(bundle.id)
    if (outcome.cause === 'other') isolate(deps, bundle.operations)
    deps.executors.suspend(bundle.executor, deps.now() + REFUSED_REST_MS)
    return undefined
  }
  // Without an answer, or with a nonce already consumed, the bundle stays in flight: `settle` finds out.
  deps.onUpdates(
    bundle.operations.map((hash) => ({
      type: 'submitted',
      hash,
      transactionHash: transaction.hash,
    })),
  )
  return bundle
}

/**
 * The node may refuse a transaction because of one operation in it: from now on each of them goes
 * alone, and one that went alone lets the others go first until the next block.
 */
function isolate({ mempool }: ProduceDependencies, operations: readonly Hex[]): void {
  for (const hash of operations) mempool.setSuspect(hash)
  if (operations.length === 1) mempool.setState(operations, 'deferred')
}

async function judgeFailures(
  deps: ProduceDependencies,
  failures: readonly OperationFailure[],
  head: Block,
): Promise<void> {
  if (failures.length === 0) return
  const judgements = await Promise.all(
    failures.map((failure) => judgeFailure({ ...deps, head }, failure)),
  )
  const inclusions = judgements.flatMap(({ inclusion }) => inclusion ?? [])
  await commitUpdates(
    deps,
    judgements.map(({ update }) => update),
    inclusions.map((inclusion) => ({ type: 'operationIncluded', inclusion })),
  )
  await deps.sweep(head)
}

async function commitUpdates(
  deps: ProduceDependencies,
  updates: readonly OperationUpdate[],
  changes: readonly StoreChange[] = [],
): Promise<void> {
  const drops = updates.filter((update) => update.type === 'dropped')
  await deps.store.commit([
    ...drops.map(({ hash, reason }): StoreChange => ({ type: 'operationDropped', hash, reason })),
    ...changes,
  ])
  applyUpdates(deps, updates)
  deps.onUpdates(updates)
}
