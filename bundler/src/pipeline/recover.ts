import type { Mempool } from '../mempool/mempool.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import type { Store } from '../store/store.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { ExecutorPool } from '../submission/executorPool.ts'

/**
 * Takes up what the journal holds, before anything new is accepted: pending operations wait again,
 * bundles in flight keep their operations and their nonce. What happened on chain in the meantime is
 * settled with the first poll; bytes that never reached the node are sent again.
 * @returns How much there was.
 */
export async function recover(deps: {
  store: Pick<Store, 'pendingOperations' | 'bundles' | 'reputations'>
  mempool: Pick<Mempool, 'restore' | 'setState'>
  reputation: Pick<ReputationTracker, 'set'>
  bundles: BundleRegistry
  executors: Pick<ExecutorPool, 'find' | 'setConfirmedNonce'>
}): Promise<{ operations: number; inFlight: number }> {
  const operations = await deps.store.pendingOperations()
  for (const operation of operations) deps.mempool.restore(operation)
  // A ban outlives a restart.
  deps.reputation.set(await deps.store.reputations())
  for (const bundle of await deps.store.bundles()) {
    deps.bundles.set(bundle)
    // A replica that lags may have told less at the start. After a reorg, settling it tells again.
    const { executor, nonce, settledIn } = bundle
    const known = deps.executors.find(executor)?.confirmedNonce ?? 0
    if (settledIn && known <= nonce) deps.executors.setConfirmedNonce(executor, nonce + 1)
  }
  const inFlight = deps.bundles.inFlight()
  for (const bundle of inFlight) deps.mempool.setState(bundle.operations, 'inFlight')
  return { operations: operations.length, inFlight: inFlight.length }
}
