import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import type { Block } from '../chain/block.ts'
import type { BundlerConfig } from '../config/options.ts'
import { paysNoFees } from '../fees/zeroFee.ts'
import type { Mempool, MempoolEntry } from '../mempool/mempool.ts'
import type { DropDependencies } from '../pipeline/drop.ts'
import { dropOperation } from '../pipeline/drop.ts'
import type { ExplainDependencies } from '../pipeline/explain.ts'
import { explain } from '../pipeline/explain.ts'
import type { WaitingContext } from '../pipeline/explainWaiting.ts'
import { findInclusion } from '../pipeline/lookup.ts'
import { waitForInclusion } from '../pipeline/waitForInclusion.ts'
import type { OwnMethodDependencies } from '../rpc/methods/own.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { ExecutorPool } from '../submission/executorPool.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { createOperationLog } from './operationLog.ts'

/** Milliseconds that `pimlico_sendUserOperationNow` waits for the receipt. */
const SEND_NOW_TIMEOUT_MS = 60_000

type Admit = (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<Hex>

export type OperationMethodParts = Omit<DropDependencies, 'mempool' | 'store' | 'onUpdates'> &
  Omit<
    ExplainDependencies,
    'mempool' | 'history' | 'findRejection' | 'waitingContext' | 'bundles'
  > & {
    store: DropDependencies['store']
    mempool: DropDependencies['mempool'] & Pick<Mempool, 'nextNonce' | 'entries'>
    bundles: BundleRegistry
    executors: Pick<ExecutorPool, 'addresses' | 'hasPlace'>
    log: ReturnType<typeof createOperationLog>
    entryPoints: readonly EntryPointAdapter[]
    config: Pick<BundlerConfig, 'boostSenders'>
    head: () => Block | undefined
    mode: () => 'auto' | 'manual'
    admit: Admit
    admitBoosted: Admit
    /** Makes bundles of what is pending, also in manual mode. */
    bundleNow: () => Promise<unknown>
  }

/** What the methods of our own, and those that wait, are made of. */
export function operationMethods(parts: OperationMethodParts): OwnMethodDependencies & {
  sendNow: (...args: Parameters<Admit>) => Promise<Record<string, unknown>>
} {
  const { log, mempool, executors, entryPoints } = parts
  const waitingContext = (entry: MempoolEntry): WaitingContext => {
    const addresses = executors.addresses()
    const busy = addresses.filter((one) => !executors.hasPlace(one))
    const before = firstOfLane(mempool.entries(), entry)
    return {
      head: parts.head(),
      before:
        before.hash === entry.hash ? undefined : { hash: before.hash, nonce: before.op.nonce },
      nextNonce: mempool.nextNonce(entry),
      mode: parts.mode(),
      executors: { total: addresses.length, busy: busy.length },
      boosted: paysNoFees(entry.op),
    }
  }
  const { history, findRejection } = log
  return {
    entryPoints,
    boostSenders: new Set(parts.config.boostSenders ?? []),
    admitBoosted: parts.admitBoosted,
    drop: (cancellation) => dropOperation({ ...parts, onUpdates: log.updated }, cancellation),
    explain: (hash) => explain({ ...parts, history, findRejection, waitingContext }, hash),
    async sendNow(op, entryPoint) {
      const hash = await parts.admit(op, entryPoint)
      const included = waitForInclusion(log.listen, hash, SEND_NOW_TIMEOUT_MS)
      // Its failure is that of the operation, and comes with `included`, or the next run repairs it.
      void parts.bundleNow().catch(() => undefined)
      await included
      const inclusion = await findInclusion(parts, hash)
      if (inclusion) return inclusion.receipt
      const message = `operation ${hash} was included, and a reorg undid that`
      throw new RpcError(rpcErrorCode.receiptTimeout, message, {
        rule: 'reorged',
        userOpHash: hash,
      })
    },
  }
}

/** The operation of the same sender, EntryPoint and nonce key with the lowest nonce. */
function firstOfLane(entries: Iterable<MempoolEntry>, entry: MempoolEntry): MempoolEntry {
  let first = entry
  for (const other of entries) {
    if (
      other.op.sender === entry.op.sender &&
      other.entryPoint.address === entry.entryPoint.address &&
      other.op.nonce >> 64n === entry.op.nonce >> 64n &&
      other.op.nonce < first.op.nonce
    ) {
      first = other
    }
  }
  return first
}
