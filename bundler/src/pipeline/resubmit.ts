import type { BuildDependencies } from '../bundling/buildBundle.ts'
import { buildBundle } from '../bundling/buildBundle.ts'
import { expiresBefore, timeOf } from '../bundling/selectOperations.ts'
import type { Block } from '../chain/block.ts'
import type { SendContext, SendOutcome, TransactionSender } from '../chain/transactionSender.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Store } from '../store/store.ts'
import type { Fees } from '../submission/bundleFees.ts'
import { paidReplacement, replacementFees } from '../submission/bundleFees.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { Executor, ExecutorPool } from '../submission/executorPool.ts'
import type { TransactionContent } from '../submission/signTransaction.ts'
import { cancellation, signTransaction } from '../submission/signTransaction.ts'
import type { Bundle, BundleTransaction } from '../types/bundle.ts'
import { allOrFailure } from './allOrFailure.ts'
import type { LossDependencies } from './bundleLoss.ts'
import { bundleLoss } from './bundleLoss.ts'

/** Blocks that may pass without a bundle before its fees are raised. */
const STUCK_AFTER_BLOCKS = 3
/** Milliseconds after which a transaction is sent again: the node may have lost it, or never got it. */
const RESEND_MS = 2_000

export type ResubmitDependencies = LossDependencies & {
  chainId: number
  building: BuildDependencies
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
 * Looks after the bundles in flight: sends their bytes again, and replaces on their own nonce those that are
 * stuck, and at once those that can only revert.
 * Executors are looked after side by side, so none waits for another one.
 * @returns A function to call after each poll of the chain. It throws what the node throws, after all
 * executors had their turn.
 */
export function createResubmitter(deps: ResubmitDependencies): (head: Block) => Promise<void> {
  const sentAt = new Map<string, number>()
  const startedAt = deps.now()

  /** In the order of the nonces: one behind another is only worth its fees when that one goes through. */
  async function lookAfter(bundles: readonly Bundle[], head: Block): Promise<void> {
    let isFirst = true
    for (const bundle of bundles) {
      const inFront = isFirst
      isFirst = false
      const transaction = bundle.transactions.at(-1)
      const isVain = transaction !== undefined && canOnlyRevert(deps, transaction, head)
      // From the journal of an earlier run: nobody knows whether its bytes ever reached the node.
      const first = isVain || bundle.createdAt < startedAt ? 0 : bundle.createdAt
      if (deps.now() - (sentAt.get(bundle.id) ?? first) < RESEND_MS) continue
      sentAt.set(bundle.id, deps.now())
      const isStuck = head.number - bundle.sentAtBlock >= STUCK_AFTER_BLOCKS
      if (isVain || (inFront && isStuck)) await replace(deps, bundle, head)
      else if (transaction) await deps.sender.send(transaction, contextOf(bundle, head))
    }
  }

  return async (head) => {
    const inFlight = deps.bundles.inFlight()
    const ids = new Set(inFlight.map(({ id }) => id))
    for (const id of sentAt.keys()) if (!ids.has(id)) sentAt.delete(id)
    // With a place taken, a first send may have no answer yet, and that answer decides whether it stays.
    const executors = [...new Set(inFlight.map(({ executor }) => executor))].filter(
      (executor) => !deps.executors.isAcquired(executor),
    )
    await allOrFailure(
      executors.map((executor) => lookAfter(deps.bundles.inFlightOf(executor), head)),
    )
  }
}

/** Whatever left the pool was included by somebody else, and what expired is refused. */
function canOnlyRevert(
  { mempool, now }: Pick<ResubmitDependencies, 'mempool' | 'now'>,
  { operations }: BundleTransaction,
  head: Block,
): boolean {
  const time = timeOf(head, now())
  return operations.some((hash) => {
    const entry = mempool.get(hash)
    return !entry || expiresBefore(entry, time)
  })
}

/** The journal knows the block of the newest transaction only: each one before it was given three. */
function contextOf({ transactions, sentAtBlock }: Bundle, head: Block): SendContext {
  const before = (transactions.length - 1) * STUCK_AFTER_BLOCKS
  const waitedBlocks = Math.max(0, before + head.number - sentAtBlock)
  return { head: head.number, waitedBlocks }
}

type Replacement = {
  bundle: Bundle
  executor: Executor
  content: TransactionContent
  fees: Fees
  head: Block
}

async function replace(deps: ResubmitDependencies, bundle: Bundle, head: Block): Promise<void> {
  const executor = deps.executors.find(bundle.executor)
  const wanted = replacementFees(bundle.transactions, await deps.marketFees())
  if (!executor || !wanted) {
    // Not ours to sign any more, or at the fee limit: only wait.
    deps.bundles.set({ ...bundle, sentAtBlock: head.number })
    const transaction = bundle.transactions.at(-1)
    if (transaction) await deps.sender.send(transaction, contextOf(bundle, head))
    return
  }
  const { content, fees } = await survivors(deps, bundle, wanted, head)
  const outcome = await sendInstead(deps, { bundle, executor, content, fees, head })
  // Whatever it refuses in the operations, it may have refused in the first place: that nonce has to be freed.
  const isPoison = outcome?.type === 'refused' && outcome.cause === 'other'
  if (!isPoison || content.operations.length === 0) return
  const current = deps.bundles.get(bundle.id)
  if (!current) return
  const nothing = cancellation(bundle.executor)
  await sendInstead(deps, { bundle: current, executor, content: nothing, fees, head })
}

/** Journals and sends another transaction on the nonce of a bundle; a refused one is forgotten again. */
async function sendInstead(
  deps: ResubmitDependencies,
  { bundle, executor, content, fees, head }: Replacement,
): Promise<SendOutcome | undefined> {
  const { chainId } = deps
  const transaction = await signTransaction(content, {
    ...{ chainId, executor, fees },
    nonce: bundle.nonce,
  })
  // `debug_bundler_clearState` may have forgotten it in the meantime.
  if (deps.bundles.get(bundle.id) !== bundle) return undefined
  const delayed: Bundle = { ...bundle, sentAtBlock: head.number }
  const replaced = { ...delayed, transactions: [...bundle.transactions, transaction] }
  await deps.store.commit([{ type: 'bundleSaved', bundle: replaced }])
  deps.bundles.set(replaced)
  const outcome = await deps.sender.send(transaction, contextOf(bundle, head))
  if (outcome.type === 'refused') {
    await deps.store.commit([{ type: 'bundleSaved', bundle: delayed }])
    deps.bundles.set(delayed)
  } else deps.onReplaced(replaced)
  return outcome
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
  const time = timeOf(head, deps.now())
  const pooled = bundle.operations
    .flatMap((hash) => deps.mempool.get(hash) ?? [])
    .filter((entry) => !expiresBefore(entry, time))
  const paid = paidReplacement(pooled, bundle.transactions, wanted, head.baseFeePerGas)
  const { operations, fees } = paid
  const [first] = operations
  const { call } = first
    ? await buildBundle(deps.building, {
        entryPoint: first.entryPoint,
        operations,
        executor: bundle.executor,
        head,
      })
    : { call: undefined }
  // Fewer operations share the fixed cost, and the tip rises: at a loss they wait for another bundle.
  if (!call || (await bundleLoss(deps, call, fees)) > deps.maxBundleLoss)
    return { content: cancellation(bundle.executor), fees }
  const hashes = call.operations.map(({ hash }) => hash)
  return { content: { to: bundle.entryPoint, ...call, operations: hashes }, fees }
}
