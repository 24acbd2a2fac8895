import type { Address, Hex } from 'viem'
import type {
  SendOutcome,
  TransactionConditions,
  TransactionSender,
} from '../chain/transactionSender.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Store } from '../store/store.ts'
import type { Fees } from '../submission/bundleFees.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import type { Executor, ExecutorPool } from '../submission/executorPool.ts'
import type { TransactionContent } from '../submission/signTransaction.ts'
import { signTransaction } from '../submission/signTransaction.ts'
import type { Bundle } from '../types/bundle.ts'
import { bundleId } from '../types/bundle.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'

/** Milliseconds that an executor rests after the node refused its transaction. */
const REFUSED_REST_MS = 900

export type SendBundleDependencies = {
  chainId: number
  sender: TransactionSender
  mempool: Pick<Mempool, 'get' | 'setSuspect' | 'setState'>
  store: Pick<Store, 'commit'>
  bundles: BundleRegistry
  executors: Pick<ExecutorPool, 'inTurn' | 'nextNonce' | 'suspend'>
  /** Unix milliseconds. */
  now: () => number
  onUpdates: (updates: readonly OperationUpdate[]) => void
  onRefused: (bundle: Bundle, outcome: SendOutcome) => void
}

export type BundleToSend = {
  entryPoint: Address
  executor: Executor
  content: TransactionContent
  fees: Fees
  conditions?: TransactionConditions | undefined
  /** Number of the newest block. */
  head: number
}

/**
 * Signs a bundle for the next free nonce of its executor, journals and sends it: after a crash the same
 * bytes are sent again, never other ones.
 * @returns `undefined` when the node refused it, or when the pool was emptied in the meantime.
 */
export async function sendBundle(
  deps: SendBundleDependencies,
  toSend: BundleToSend,
): Promise<Bundle | undefined> {
  // One after the other until the registry knows the nonce; answers of the node are awaited side by side.
  const { address } = toSend.executor.account
  const bundle = await deps.executors.inTurn(address, () => journal(deps, toSend))
  const [transaction] = bundle?.transactions ?? []
  if (!bundle || !transaction) return undefined
  const outcome = await deps.sender.send(transaction, {
    head: toSend.head,
    waitedBlocks: 0,
    conditions: toSend.conditions,
  })
  if (outcome.type === 'refused') {
    await withdraw(deps, bundle, outcome)
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

async function journal(
  deps: SendBundleDependencies,
  { entryPoint, executor, content, fees, head }: BundleToSend,
): Promise<Bundle | undefined> {
  const { address } = executor.account
  const nonce = deps.executors.nextNonce(address)
  const params = { chainId: deps.chainId, executor, nonce, fees }
  const transaction = await signTransaction(content, params)
  // `debug_bundler_clearState` may have emptied the pool in the meantime.
  if (!content.operations.every((hash) => deps.mempool.get(hash))) return undefined
  const bundle: Bundle = {
    id: bundleId(address, nonce),
    entryPoint,
    executor: address,
    nonce,
    operations: content.operations,
    transactions: [transaction],
    createdAt: deps.now(),
    sentAtBlock: head,
  }
  await deps.store.commit([{ type: 'bundleSaved', bundle }])
  deps.bundles.set(bundle)
  return bundle
}

/** The transaction is in no pool: its nonce is free for another bundle, its operations wait again. */
async function withdraw(
  deps: SendBundleDependencies,
  bundle: Bundle,
  outcome: Extract<SendOutcome, { type: 'refused' }>,
): Promise<void> {
  deps.onRefused(bundle, outcome)
  await deps.store.commit([{ type: 'bundleRemoved', id: bundle.id }])
  deps.bundles.remove(bundle.id)
  if (outcome.cause === 'other') isolate(deps, bundle.operations)
  deps.executors.suspend(bundle.executor, deps.now() + REFUSED_REST_MS)
}

/**
 * The node may refuse a transaction because of one operation in it: from now on each of them goes
 * alone, and one that went alone lets the others go first until the next block.
 */
export function isolate(
  { mempool }: Pick<SendBundleDependencies, 'mempool'>,
  operations: readonly Hex[],
): void {
  for (const hash of operations) mempool.setSuspect(hash)
  if (operations.length === 1) mempool.setState(operations, 'deferred')
}
