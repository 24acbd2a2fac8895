import type { Kysely } from 'kysely'
import type { Address, Hash } from 'viem'
import { getAddress } from 'viem'
import { windowBounds } from '../../policy/window.ts'
import type { Ledger } from '../ledger.ts'
import { advance, rewind } from './advance.ts'
import { groupCommit } from './groupCommit.ts'
import { keepSignature } from './keepSignature.ts'
import { bucketsOf, preview, reserve, toSponsorship } from './reserve.ts'
import { readBucket } from './rows.ts'
import type { LedgerTables } from './schema.ts'
import { createTables, schemaVersion } from './schema.ts'

/**
 * A ledger on Kysely.
 * @throws LedgerVersionError when the tables were made by another version.
 */
export async function createSqlLedger(db: Kysely<LedgerTables>): Promise<Ledger> {
  await createTables(db)
  await checkVersion(db)
  const commit = groupCommit(db)

  return {
    reserve: (request) => commit((trx) => reserve(trx, request)),

    async find(ids, keepUntil) {
      const row = await db
        .selectFrom('sponsorships')
        .selectAll()
        .where('id', 'in', [...ids])
        .where('state', '!=', 'released')
        .where('valid_until', '>=', keepUntil)
        .orderBy('created_at')
        .executeTakeFirst()
      return row && toSponsorship(row)
    },

    preview: (request) => db.transaction().execute((trx) => preview(trx, request)),

    keepSignature: (id, window, signed) => commit((trx) => keepSignature(trx, id, window, signed)),

    advance: (changes) => db.transaction().execute((trx) => advance(trx, changes)),

    rewind: (chainId, blockNumber) =>
      db.transaction().execute((trx) => rewind(trx, chainId, blockNumber)),

    async followedBlocks(chainId) {
      const rows = await db
        .selectFrom('blocks')
        .selectAll()
        .where('chain_id', '=', chainId)
        .orderBy('number', 'desc')
        .execute()
      return rows.map(({ number, hash, timestamp }) => ({
        number: BigInt(number),
        hash: hash as Hash,
        timestamp,
      }))
    },

    async outstandingSenders(chainId) {
      const rows = await db
        .selectFrom('sponsorships')
        .select('sender')
        .distinct()
        .where('state', '=', 'reserved')
        .where('chain_id', '=', chainId)
        .orderBy('sender')
        .execute()
      return rows.map(({ sender }): Address => getAddress(sender))
    },

    usage: (policy, now) =>
      db.transaction().execute(async (trx) => {
        const { wei, window } = policy.caps.global
        const { globalBucket } = bucketsOf(policy, '*', now)
        const { reserved, settled, operations } = await readBucket(trx, globalBucket)
        return {
          budget: wei,
          reserved,
          settled,
          free: wei - reserved - settled,
          operations,
          resetsAt: windowBounds(window, now).end,
        }
      }),

    async ping() {
      await db.selectFrom('meta').select('key').limit(1).execute()
    },

    close: () => db.destroy(),
  }
}

async function checkVersion(db: Kysely<LedgerTables>): Promise<void> {
  await db
    .insertInto('meta')
    .values({ key: 'schema', value: schemaVersion })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  const { value } = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'schema')
    .executeTakeFirstOrThrow()
  if (value !== schemaVersion) throw new LedgerVersionError(value)
}

/** The ledger's tables were made by another version of the service. */
export class LedgerVersionError extends Error {
  override name = 'LedgerVersionError'
  found: string

  constructor(found: string) {
    super(`the ledger has schema version ${found}; this service reads version ${schemaVersion}`)
    this.found = found
  }
}
