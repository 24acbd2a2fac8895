import { getTransactionCount } from '../chain/blocks.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { ExecutorAccount, ExecutorPool } from '../submission/executorPool.ts'
import { createExecutorPool } from '../submission/executorPool.ts'

/** The executors with the nonces that the chain has of them now. @throws RpcError `nodeUnavailable`. */
export async function createExecutors(deps: {
  accounts: readonly ExecutorAccount[]
  reader: Pick<ChainReader, 'request'>
  bundles: Pick<BundleRegistry, 'isBusy'>
  /** Unix milliseconds. */
  now: () => number
}): Promise<ExecutorPool> {
  const { accounts, reader, bundles, now } = deps
  const executors = await Promise.all(
    accounts.map(async (account) => ({
      account,
      nonce: await getTransactionCount(reader, account.address),
    })),
  )
  return createExecutorPool({ executors, isBusy: bundles.isBusy, now })
}
