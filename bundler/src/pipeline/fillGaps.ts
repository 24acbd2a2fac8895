import type { Address } from 'viem'
import type { Block } from '../chain/block.ts'
import type { Fees } from '../submission/bundleFees.ts'
import type { ExecutorPool } from '../submission/executorPool.ts'
import { cancellation } from '../submission/signTransaction.ts'
import type { SendBundleDependencies } from './sendBundle.ts'
import { sendBundle } from './sendBundle.ts'

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
  /** Executors with a gap, and the block in which it was seen first. */
  const seen = new Map<Address, number>()

  return async (head) => {
    const { bundles, executors } = deps
    for (const address of executors.addresses()) {
      const behind = bundles.inFlightOf(address)
      const next = executors.nextNonce(address)
      if (!behind.some(({ nonce }) => nonce > next)) {
        seen.delete(address)
        continue
      }
      const since = seen.get(address) ?? head.number
      seen.set(address, since)
      const executor = executors.find(address)
      const [sibling] = behind
      if (head.number === since || !executor || !sibling || executors.isAcquired(address)) continue
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
