import type { Hex } from 'viem'
import type { StoreChange } from '../../store/store.ts'

/** Which bundle a transaction that is being sent belongs to. */
export type BundleIndex = {
  /** Changes that are about to be journaled: that happens before a transaction is sent. */
  note(changes: readonly StoreChange[]): void
  idOf(transactionHash: Hex): string | undefined
  clear(): void
}

export function createBundleIndex(): BundleIndex {
  const transactions = new Map<string, Hex[]>()
  const ids = new Map<Hex, string>()

  function forget(id: string) {
    for (const hash of transactions.get(id) ?? []) ids.delete(hash)
    transactions.delete(id)
  }

  return {
    note(changes) {
      for (const change of changes) {
        if (change.type === 'bundleRemoved') forget(change.id)
        if (change.type !== 'bundleSaved') continue
        const { id, settledIn } = change.bundle
        forget(id)
        if (settledIn) continue
        const hashes = change.bundle.transactions.map(({ hash }) => hash)
        transactions.set(id, hashes)
        for (const hash of hashes) ids.set(hash, id)
      }
    },
    idOf: (hash) => ids.get(hash),
    clear() {
      transactions.clear()
      ids.clear()
    },
  }
}
