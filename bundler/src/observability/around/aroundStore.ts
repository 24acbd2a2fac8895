import type { Around } from '@fabstir/service'
import type { Store, StoreChange } from '../../store/store.ts'
import type { Bundle } from '../../types/bundle.ts'

export type StoreWatcher = {
  commit: Around<readonly StoreChange[]>
  /** Bundles of an earlier run were read. */
  recovered(bundles: readonly Bundle[]): void
  /** What was pending was forgotten, without a change for each. */
  cleared(): void
}

/** A store that is watched. */
export function aroundStore(store: Store, watcher: StoreWatcher): Store {
  return {
    ...store,
    commit: (changes) => watcher.commit(changes, () => store.commit(changes)),
    async bundles() {
      const bundles = await store.bundles()
      watcher.recovered(bundles)
      return bundles
    },
    async clearPending() {
      await store.clearPending()
      watcher.cleared()
    },
  }
}
