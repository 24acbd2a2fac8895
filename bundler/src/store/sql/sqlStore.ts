import type { Kysely, Transaction } from 'kysely'
import type { Hex } from 'viem'
import type { ReputationEntry } from '../../types/reputationEntry.ts'
import type {
  ChainIdentity,
  OperationState,
  Store,
  StoreChange,
  StoredOperation,
} from '../store.ts'
import { WrongChainError } from '../store.ts'
import {
  fromBundleRow,
  fromInclusionRow,
  fromOperationRow,
  fromReputationRow,
  toBundleRow,
  toInclusionRow,
  toOperationRow,
  toReputationRow,
} from './rows.ts'
import type { StoreTables } from './schema.ts'
import { createTables, SCHEMA_VERSION } from './schema.ts'

/**
 * A `Store` over a SQL database.
 * @throws SchemaVersionError when the database was written by another version of the schema.
 */
export async function createSqlStore(db: Kysely<StoreTables>): Promise<Store> {
  await createTables(db)
  await checkVersion(db)

  return {
    async commit(changes) {
      if (changes.length === 0) return
      await db.transaction().execute(async (trx) => {
        for (const change of changes) await apply(trx, change)
      })
    },
    bindChain: (chain) => bindChain(db, chain),
    async pendingOperations() {
      const rows = await db
        .selectFrom('operations')
        .selectAll()
        .where('state', '=', 'pending')
        .orderBy('added_at')
        .execute()
      return rows.map(fromOperationRow)
    },
    async bundles() {
      return (await db.selectFrom('bundles').selectAll().execute()).map(fromBundleRow)
    },
    async findOperation(hash) {
      const row = await db
        .selectFrom('operations')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst()
      if (!row) return undefined
      const stored: StoredOperation = {
        operation: fromOperationRow(row),
        state: row.state as OperationState,
      }
      return row.reason === null ? stored : { ...stored, reason: JSON.parse(row.reason) }
    },
    async findInclusion(hash) {
      const row = await db
        .selectFrom('inclusions')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst()
      return row && fromInclusionRow(row)
    },
    async inclusionsInBlock(blockHash) {
      const rows = await db
        .selectFrom('inclusions')
        .selectAll()
        .where('block_hash', '=', blockHash)
        .execute()
      return rows.map(fromInclusionRow)
    },
    async reputations() {
      return (await db.selectFrom('reputations').selectAll().execute()).map(fromReputationRow)
    },
    async recentBlocks() {
      const rows = await db.selectFrom('blocks').selectAll().orderBy('number').execute()
      return rows.map(({ number, hash }) => ({ number: Number(number), hash: hash as Hex }))
    },
    async clearPending() {
      await db.transaction().execute(async (trx) => {
        await trx.deleteFrom('operations').where('state', '=', 'pending').execute()
        await trx.deleteFrom('bundles').execute()
      })
    },
    async check() {
      await setMeta(db, 'checkedAt', '1')
    },
    close: () => db.destroy(),
  }
}

async function apply(trx: Transaction<StoreTables>, change: StoreChange): Promise<void> {
  switch (change.type) {
    case 'operationAdded': {
      if (change.replaces !== undefined) {
        const message = `replaced by ${change.operation.hash}`
        await setState(trx, change.replaces, 'dropped', { rule: 'replaced', message })
      }
      const row = toOperationRow(change.operation)
      await trx
        .insertInto('operations')
        .values(row)
        .onConflict((conflict) => conflict.column('hash').doUpdateSet(row))
        .execute()
      return
    }
    case 'operationDropped':
      return setState(trx, change.hash, 'dropped', change.reason)
    case 'bundleSaved': {
      const row = toBundleRow(change.bundle)
      await trx
        .insertInto('bundles')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
      return
    }
    case 'bundleRemoved':
      await trx.deleteFrom('bundles').where('id', '=', change.id).execute()
      return
    case 'operationIncluded': {
      const row = toInclusionRow(change.inclusion)
      await trx
        .insertInto('inclusions')
        .values(row)
        .onConflict((conflict) => conflict.column('hash').doUpdateSet(row))
        .execute()
      return setState(trx, change.inclusion.hash, 'included')
    }
    case 'inclusionUndone':
      await trx.deleteFrom('inclusions').where('hash', '=', change.hash).execute()
      return setState(trx, change.hash, 'pending')
    case 'reputationSaved':
      for (const entry of change.entries) await saveReputation(trx, entry)
      return
    case 'reputationCleared':
      await trx.deleteFrom('reputations').execute()
      return
    case 'headMoved':
      for (const { hash } of change.removed) {
        await trx.deleteFrom('blocks').where('hash', '=', hash).execute()
      }
      for (const block of change.added) {
        await trx
          .insertInto('blocks')
          .values(block)
          .onConflict((conflict) => conflict.column('number').doUpdateSet(block))
          .execute()
      }
      await trx.deleteFrom('blocks').where('number', '<', change.keepFrom).execute()
      await trx.deleteFrom('bundles').where('settled_number', '<', change.keepFrom).execute()
  }
}

async function saveReputation(
  trx: Transaction<StoreTables>,
  entry: ReputationEntry,
): Promise<void> {
  const row = toReputationRow(entry)
  if (entry.opsSeen === 0n && entry.opsIncluded === 0n) {
    await trx
      .deleteFrom('reputations')
      .where('entry_point', '=', row.entry_point)
      .where('address', '=', row.address)
      .execute()
    return
  }
  await trx
    .insertInto('reputations')
    .values(row)
    .onConflict((conflict) => conflict.columns(['entry_point', 'address']).doUpdateSet(row))
    .execute()
}

async function setState(
  trx: Transaction<StoreTables>,
  hash: Hex,
  state: OperationState,
  reason?: StoredOperation['reason'],
): Promise<void> {
  const update = trx
    .updateTable('operations')
    .set({ state, reason: reason ? JSON.stringify(reason) : null })
    .where('hash', '=', hash)
  await (state === 'dropped' ? update.where('state', '!=', 'included') : update).execute()
}

async function bindChain(db: Kysely<StoreTables>, chain: ChainIdentity): Promise<void> {
  const known = await getMeta(db, 'chain')
  if (known === undefined) {
    const { chainId, genesisHash } = chain
    return setMeta(db, 'chain', JSON.stringify({ chainId, genesisHash }))
  }
  const found: ChainIdentity = JSON.parse(known)
  if (found.chainId !== chain.chainId || found.genesisHash !== chain.genesisHash) {
    throw new WrongChainError(chain, found)
  }
}

async function checkVersion(db: Kysely<StoreTables>): Promise<void> {
  const found = await getMeta(db, 'schemaVersion')
  if (found === undefined) return setMeta(db, 'schemaVersion', SCHEMA_VERSION)
  if (found !== SCHEMA_VERSION) throw new SchemaVersionError(found)
}

async function getMeta(db: Kysely<StoreTables>, key: string): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value
}

async function setMeta(db: Kysely<StoreTables>, key: string, value: string): Promise<void> {
  await db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

/** The database has another schema version than this program. */
export class SchemaVersionError extends Error {
  override name = 'SchemaVersionError'
  found: string

  constructor(found: string) {
    super(`the store has schema version ${found}, this program reads version ${SCHEMA_VERSION}`)
    this.found = found
  }
}
