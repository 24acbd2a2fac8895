import type { Address } from 'viem'
import type { BundleRegistry } from './bundleRegistry.ts'
import type { ExecutorLoad } from './executorPool.ts'

/** What an executor has on its way, from the registry of bundles. */
export function executorLoad(
  bundles: Pick<BundleRegistry, 'inFlightOf'>,
  executor: Address,
): ExecutorLoad {
  const inFlight = bundles.inFlightOf(executor)
  return {
    nonces: inFlight.map(({ nonce }) => nonce),
    stuck: inFlight.some(({ transactions }) => transactions.length > 1),
  }
}
