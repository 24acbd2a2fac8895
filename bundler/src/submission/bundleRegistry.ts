import type { Address, Hex } from 'viem'
import type { Bundle } from '../types/bundle.ts'

/** Bundles that are on their way, and settled ones that a reorg could revive. */
export type BundleRegistry = {
  set(bundle: Bundle): void
  get(id: string): Bundle | undefined
  remove(id: string): void
  inFlight(): Bundle[]
  all(): Bundle[]
  /** The bundle in flight that carries `operation`. */
  carrierOf(operation: Hex): Bundle | undefined
  isBusy(executor: Address): boolean
  /** Forgets bundles that settled before block `number`. */
  forgetSettledBefore(number: number): void
  clear(): void
}

export function createBundleRegistry(): BundleRegistry {
  const bundles = new Map<string, Bundle>()
  const inFlight = () => [...bundles.values()].filter(({ settledIn }) => !settledIn)
  return {
    set: (bundle) => void bundles.set(bundle.id, bundle),
    get: (id) => bundles.get(id),
    remove: (id) => void bundles.delete(id),
    inFlight,
    all: () => [...bundles.values()],
    carrierOf: (operation) => inFlight().find(({ operations }) => operations.includes(operation)),
    isBusy: (executor) => inFlight().some((bundle) => bundle.executor === executor),
    forgetSettledBefore(number) {
      for (const [id, { settledIn }] of bundles) {
        if (settledIn && settledIn.number < number) bundles.delete(id)
      }
    },
    clear: () => bundles.clear(),
  }
}
