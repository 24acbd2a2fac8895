import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openExclusiveDatabase } from '@fabstir/sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { createMemoryStore } from './memory/memoryStore.ts'
import type { StoreTables } from './sql/schema.ts'
import { createSqlStore } from './sql/sqlStore.ts'
import type { ChainIdentity, Store } from './store.ts'

export type StoreLocation = { kind: 'memory' } | { kind: 'sqlite'; path: string }

/**
 * Opens a store and binds it to the chain.
 * In a path, `{chain}` stands for chain id and genesis, so that every chain has its own file.
 */
export async function openStore(location: StoreLocation, chain: ChainIdentity): Promise<Store> {
  const store = await open(location, chain)
  try {
    await store.bindChain(chain)
  } catch (error) {
    await store.close()
    throw error
  }
  return store
}

async function open(location: StoreLocation, chain: ChainIdentity): Promise<Store> {
  if (location.kind === 'memory') return createMemoryStore()
  const name = `${chain.chainId}-${chain.genesisHash.slice(2, 10)}`
  const path = location.path.replaceAll('{chain}', name)
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const dialect = new SqliteDialect({ database: openExclusiveDatabase(path) })
  const db = new Kysely<StoreTables>({ dialect })
  try {
    return await createSqlStore(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
}
