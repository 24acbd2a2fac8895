import type { Store } from '../store/store.ts'
import { idOfApiKey, matchesHash } from './apiKey.ts'
import type { FoundKey } from './appStore.ts'
import { findKey } from './appStore.ts'
import type { AccessTables } from './tables.ts'

/** Finds stored keys. */
export type KeyDirectory = {
  /** The key with its app, when it is one that was issued here, whatever became of it since. */
  find(key: string): Promise<FoundKey | undefined>
  /** What was read may have changed: read again. */
  changed(): void
}

/** Keys that are kept in memory. */
const maxKept = 10_000

/**
 * A key is read with every request, so that revoking it holds at once, on every instance of one
 * database (decision 55). A SQLite file has this process alone: there it is read once until
 * something changes.
 */
export function createKeyDirectory(store: Pick<Store, 'kind' | 'db'>): KeyDirectory {
  const db = store.db.withTables<AccessTables>()
  const isShared = store.kind !== 'sqlite'
  let kept = new Map<string, FoundKey>()

  async function read(id: string): Promise<FoundKey | undefined> {
    const known = kept.get(id)
    if (known || isShared) return known ?? findKey(db, id)
    const target = kept
    const found = await findKey(db, id)
    // A change in between has put another map in its place, and this one is not asked again.
    if (found && target.size < maxKept) target.set(id, found)
    return found
  }

  return {
    async find(key) {
      const id = idOfApiKey(key)
      if (id === undefined) return undefined
      const found = await read(id)
      return found && matchesHash(key, found.hash) ? found : undefined
    },
    changed() {
      kept = new Map()
    },
  }
}
