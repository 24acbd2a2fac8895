import { storeAreas } from '../composition/storeAreas.ts'
import { openStore } from '../store/openStore.ts'
import type { Store } from '../store/store.ts'
import { createTestDatabase } from './postgresDatabase.ts'

export type TestStore = { store: Store; close(): Promise<void> }

/** Both kinds of stores, each new and with every area's tables. */
export const testStores: readonly { name: string; open: () => Promise<TestStore> }[] = [
  {
    name: 'SQLite',
    async open() {
      const store = await openStore('memory', storeAreas)
      return { store, close: store.close }
    },
  },
  {
    name: 'PostgreSQL',
    async open() {
      const database = await createTestDatabase()
      const store = await openStore(database.location, storeAreas)
      return {
        store,
        async close() {
          await store.close()
          await database.drop()
        },
      }
    },
  },
]
