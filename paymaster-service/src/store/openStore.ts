import type { StoreLocation } from './location.ts'
import { migrate } from './migrate.ts'
import { noTimeouts, openPostgres } from './postgres.ts'
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
  if (location !== 'memory' && !location.startsWith('sqlite:')) {
    const migrating = openPostgres(location, noTimeouts)
    await migrate(migrating, areas).finally(migrating.close)
    return openPostgres(location)
  }
  const store = openSqlite(location === 'memory' ? ':memory:' : location.slice('sqlite:'.length))
  try {
    await migrate(store, areas)
    for (const area of areas) await area.openSqlite?.(store.db)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
