import type { StoreLocation } from './location.ts'
import { migrate } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import type { Store, StoreArea } from './store.ts'

/**
 * Opens the store and brings its tables to this service's version; creates what is missing.
 * @throws DatabaseInUseError, StoreUnavailableError, StoreVersionError
 */
export async function openStore(
  location: StoreLocation,
  areas: readonly StoreArea[],
): Promise<Store> {
  const store =
    location === 'memory' || location.startsWith('sqlite:')
      ? openSqlite(location === 'memory' ? ':memory:' : location.slice('sqlite:'.length))
      : openPostgres(location)
  try {
    await migrate(store, areas)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
