import type { Address } from 'viem'
import type { Block } from '../chain/block.ts'
import type { Fees } from '../submission/bundleFees.ts'
import type { ExecutorPool } from '../submission/executorPool.ts'
import { cancellation } from '../submission/signTransaction.ts'
import type { SendBundleDependencies } from './sendBundle.ts'
import { sendBundle } from './sendBundle.ts'

/** Milliseconds without a block after which a gap is filled all the same. */
const QUIET_MS = 5_000

/**
 * A bundle that the node refused leaves a gap before those on later nonces, and the chain waits for it.
 * The next bundle fills it; where none comes, a transfer of nothing does.
 * @returns A function to call after each poll of the chain.
 */
export function createGapFiller(
  deps: SendBundleDependencies & {
    executors: Pick<ExecutorPool, 'addresses' | 'find' | 'isAcquired'>
    marketFees: () => Promise<Fees>
  },
): (head: Block) => Promise<void> {
  /** Executors with a gap, and when it was seen first, or filled in vain. */
  const seen = new Map<Address, { block: number; at: number }>()

  return async (head) => {
    const { bundles, executors } = deps
    for (const address of executors.addresses()) {
      const behind = bundles.inFlightOf(address)
      const next = executors.nextNonce(address)
      if (!behind.some(({ nonce }) => nonce > next)) {
        seen.delete(address)
        continue
      }
      const now = { block: head.number, at: deps.now() }
      const since = seen.get(address) ?? now
      seen.set(address, since)
      // On a chain that makes blocks on demand none comes while everything waits for the gap.
      const isFresh = now.block === since.block && now.at - since.at < QUIET_MS
      const executor = executors.find(address)
      const [sibling] = behind
      if (isFresh || !executor || !sibling || executors.isAcquired(address)) continue
      seen.set(address, now)
      await sendBundle(deps, {
        entryPoint: sibling.entryPoint,
        executor,
        content: cancellation(address),
        fees: await deps.marketFees(),
        head: head.number,
      })
    }
  }
}
