import { buildBundle } from '../bundling/buildBundle.ts'
import type { Block } from '../chain/block.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { TransactionSender } from '../chain/transactionSender.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Store } from '../store/store.ts'
import type { Fees } from '../submission/bundleFees.ts'
import { paidReplacement, replacementFees } from '../submission/bundleFees.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { ExecutorPool } from '../submission/executorPool.ts'
import type { TransactionContent } from '../submission/signTransaction.ts'
import { cancellation, signTransaction } from '../submission/signTransaction.ts'
import type { Bundle } from '../types/bundle.ts'

/** Blocks that may pass without a bundle before its fees are raised. */
const STUCK_AFTER_BLOCKS = 3
/** Milliseconds after which a transaction is sent again: the node may have lost it, or never got it. */
const RESEND_MS = 2_000

export type ResubmitDependencies = {
  chainId: number
  reader: Pick<ChainReader, 'call' | 'request'>
  sender: TransactionSender
  store: Pick<Store, 'commit'>
  mempool: Pick<Mempool, 'get'>
  bundles: BundleRegistry
  executors: Pick<ExecutorPool, 'find' | 'isAcquired'>
  /** What the market asks, in wei per gas. */
  marketFees: () => Promise<Fees>
  /** Unix milliseconds. */
  now: () => number
  onReplaced: (bundle: Bundle) => void
}

/**
 * Looks after the bundles in flight: sends their bytes again, and replaces stuck ones on their own nonce.
 * @returns A function to call after each poll of the chain.
 */
export function createResubmitter(deps: ResubmitDependencies): (head: Block) => Promise<void> {
  const sentAt = new Map<string, number>()
  const startedAt = deps.now()

  return async (head) => {
    const inFlight = deps.bundles.inFlight()
    const ids = new Set(inFlight.map(({ id }) => id))
    for (const id of sentAt.keys()) if (!ids.has(id)) sentAt.delete(id)
    for (const bundle of inFlight) {
      // Its first send has no answer yet, and that answer decides whether it stays.
      if (deps.executors.isAcquired(bundle.executor)) continue
      // From the journal of an earlier run: nobody knows whether its bytes ever reached the node.
      const first = bundle.createdAt < startedAt ? 0 : bundle.createdAt
      if (deps.now() - (sentAt.get(bundle.id) ?? first) < RESEND_MS) continue
      sentAt.set(bundle.id, deps.now())
      const transaction = bundle.transactions.at(-1)
      if (head.number - bundle.sentAtBlock >= STUCK_AFTER_BLOCKS) await replace(deps, bundle, head)
      else if (transaction) await deps.sender.send(transaction.raw)
    }
  }
}

async function replace(deps: ResubmitDependencies, bundle: Bundle, head: Block): Promise<void> {
  const executor = deps.executors.find(bundle.executor)
  const wanted = replacementFees(bundle.transactions, await deps.marketFees())
  const waited: Bundle = { ...bundle, sentAtBlock: head.number }
  if (!executor || !wanted) {
    // Not ours to sign any more, or at the fee limit: only wait.
    deps.bundles.set(waited)
    const raw = bundle.transactions.at(-1)?.raw
    if (raw) await deps.sender.send(raw)
    return
  }
  const { content, fees } = await survivors(deps, bundle, wanted, head)
  const transaction = await signTransaction(content, {
    chainId: deps.chainId,
    executor,
    nonce: bundle.nonce,
    fees,
  })
  // `debug_bundler_clearState` may have forgotten it in the meantime.
  if (deps.bundles.get(bundle.id) !== bundle) return
  const replaced = { ...waited, transactions: [...bundle.transactions, transaction] }
  await deps.store.commit([{ type: 'bundleSaved', bundle: replaced }])
  deps.bundles.set(replaced)
  const outcome = await deps.sender.send(transaction.raw)
  if (outcome.type === 'refused') {
    await deps.store.commit([{ type: 'bundleSaved', bundle: waited }])
    deps.bundles.set(waited)
    return
  }
  deps.onReplaced(replaced)
}

/**
 * The operations of the bundle that still pass and can pay for the replacement. They stay with this
 * nonce; the others are judged when the nonce is consumed, because an earlier transaction can still
 * include them.
 */
async function survivors(
  deps: ResubmitDependencies,
  bundle: Bundle,
  wanted: Fees,
  head: Block,
): Promise<{ content: TransactionContent; fees: Fees }> {
  const pooled = bundle.operations.flatMap((hash) => deps.mempool.get(hash) ?? [])
  const paid = paidReplacement(pooled, bundle.transactions, wanted, head.baseFeePerGas)
  const { operations, fees } = paid
  const [first] = operations
  const { call } = first
    ? await buildBundle(deps.reader, {
        entryPoint: first.entryPoint,
        operations,
        executor: bundle.executor,
      })
    : { call: undefined }
  if (!call) return { content: cancellation(bundle.executor), fees }
  const hashes = call.operations.map(({ hash }) => hash)
  return { content: { to: bundle.entryPoint, ...call, operations: hashes }, fees }
}
