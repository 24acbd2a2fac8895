import { StoreVersionError } from './errors.ts'
import type { Store, StoreArea, StoreDatabase, StoreTransaction } from './store.ts'

/**
 * Brings the tables of `areas` to their newest version, in one transaction: a migration that fails
 * leaves the store as it was, and of instances that start together one migrates.
 * @throws StoreVersionError when the store is newer than this service.
 */
export async function migrate(
  store: Pick<Store, 'kind' | 'transaction' | 'lock'>,
  areas: readonly StoreArea[],
): Promise<void> {
  await store.transaction(async (trx) => {
    await store.lock(trx, [{ kind: 'migration', name: 'schema' }])
    await refuseUnversioned(trx)
    await createVersions(trx)
    const found = await readVersions(trx)
    for (const [area, version] of found) {
      const known = areas.find(({ name }) => name === area)?.migrations.length ?? 0
      if (version > known) throw new StoreVersionError(area, version, known)
    }
    for (const { name, migrations } of areas) {
      const version = found.get(name) ?? 0
      for (const step of migrations.slice(version)) await step(trx, store.kind)
      if (version < migrations.length) await writeVersion(trx, name, migrations.length)
    }
  })
}

/** The ledgers of before had their own table of versions. */
async function refuseUnversioned(db: StoreDatabase): Promise<void> {
  const names = new Set((await db.introspection.getTables()).map(({ name }) => name))
  if (names.has('sponsorships') && !names.has('store_areas'))
    throw new StoreVersionError('ledger', undefined, 0)
}

async function createVersions(db: StoreDatabase): Promise<void> {
  await db.schema
    .createTable('store_areas')
    .ifNotExists()
    .addColumn('area', 'text', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute()
}

async function readVersions(db: StoreDatabase): Promise<Map<string, number>> {
  const rows = await db.selectFrom('store_areas').selectAll().execute()
  return new Map(rows.map(({ area, version }) => [area, version]))
}

async function writeVersion(trx: StoreTransaction, area: string, version: number): Promise<void> {
  await trx
    .insertInto('store_areas')
    .values({ area, version })
    .onConflict((conflict) => conflict.column('area').doUpdateSet({ version }))
    .execute()
}
