import type { Address, Hex } from 'viem'
import type { Bundle } from '../types/bundle.ts'

/** Bundles that are on their way, and settled ones that a reorg could revive. */
export type BundleRegistry = {
  set(bundle: Bundle): void
  get(id: string): Bundle | undefined
  remove(id: string): void
  inFlight(): Bundle[]
  /** The same of one executor, lowest nonce first. */
  inFlightOf(executor: Address): Bundle[]
  all(): Bundle[]
  /** The bundle in flight that carries `operation`. */
  carrierOf(operation: Hex): Bundle | undefined
  /** Forgets bundles that settled before block `number`. */
  forgetSettledBefore(number: number): void
  clear(): void
}

export function createBundleRegistry(): BundleRegistry {
  const bundles = new Map<string, Bundle>()
  const inFlight = new Map<string, Bundle>()
  const carriers = new Map<Hex, string>()

  function forget(id: string) {
    const bundle = inFlight.get(id)
    inFlight.delete(id)
    for (const hash of bundle?.operations ?? []) {
      if (carriers.get(hash) === id) carriers.delete(hash)
    }
  }

  return {
    set(bundle) {
      forget(bundle.id)
      bundles.set(bundle.id, bundle)
      if (bundle.settledIn) return
      inFlight.set(bundle.id, bundle)
      for (const hash of bundle.operations) carriers.set(hash, bundle.id)
    },
    get: (id) => bundles.get(id),
    remove(id) {
      forget(id)
      bundles.delete(id)
    },
    inFlight: () => [...inFlight.values()],
    inFlightOf: (executor) =>
      [...inFlight.values()]
        .filter((bundle) => bundle.executor === executor)
        .sort((a, b) => a.nonce - b.nonce),
    all: () => [...bundles.values()],
    carrierOf(operation) {
      const id = carriers.get(operation)
      return id === undefined ? undefined : inFlight.get(id)
    },
    forgetSettledBefore(number) {
      for (const [id, { settledIn }] of bundles) {
        if (settledIn && settledIn.number < number) bundles.delete(id)
      }
    },
    clear() {
      bundles.clear()
      inFlight.clear()
      carriers.clear()
    },
  }
}
