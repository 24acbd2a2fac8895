import type { Block } from '../chain/block.ts'
import { checkNode } from '../chain/checkNode.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { BundlerConfig } from '../config/options.ts'
import type { Check, HealthOptions } from '../rpc/plugins/health.ts'
import type { Store } from '../store/store.ts'
import { checkFunds } from '../submission/checkFunds.ts'
import type { ExecutorPool } from '../submission/executorPool.ts'

export type HealthDependencies = {
  config: Pick<BundlerConfig, 'minExecutorBalance' | 'maxHeadAge'>
  reader: Pick<ChainReader, 'request'>
  store: Pick<Store, 'check'>
  executors: Pick<ExecutorPool, 'addresses'>
  /** Newest settled block; `undefined` until the node has answered once. */
  head: () => Block | undefined
  /** Unix milliseconds. */
  now: () => number
  /** Milliseconds that a check may take: whoever asks does not wait as long as for a node. */
  timeoutMs: number
}

/** What GET /health and GET /ready look at. */
export function healthChecks(deps: HealthDependencies): HealthOptions {
  const { config, reader, store, executors } = deps
  const { minExecutorBalance, maxHeadAge } = config
  const bounded = (check: Check): Check => within(check, deps.timeoutMs)
  return {
    live: { store: bounded(() => store.check().then(() => true as const)) },
    ready: {
      node: bounded(() => {
        const settled = deps.head()
        return checkNode(reader, { settled, maxHeadAge, now: deps.now() })
      }),
      executors: bounded(() => checkFunds(reader, executors.addresses(), minExecutorBalance)),
    },
  }
}

function within(check: Check, timeoutMs: number): Check {
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs)
    })
    try {
      return await Promise.race([check(), late])
    } finally {
      clearTimeout(timer)
    }
  }
}
