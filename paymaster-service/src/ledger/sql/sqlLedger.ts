import type { Address, Hash } from 'viem'
import { getAddress } from 'viem'
import { windowBounds } from '../../policy/window.ts'
import { groupCommit } from '../../store/groupCommit.ts'
import type { Store } from '../../store/store.ts'
import type { Ledger } from '../ledger.ts'
import { advance, rewind } from './advance.ts'
import { keepSignature } from './keepSignature.ts'
import { bucketsOf, preview, reserve, toSponsorship } from './reserve.ts'
import type { LedgerTransaction } from './rows.ts'
import { readBucket } from './rows.ts'
import type { LedgerTables } from './schema.ts'

/** The ledger in a store that was opened with {@link ledgerArea}. */
export function createSqlLedger(store: Store): Ledger {
  const db = store.db.withTables<LedgerTables>()
  const commit = groupCommit<LedgerTransaction>((locks, run) =>
    store.transaction(async (trx) => {
      await store.lock(trx, locks)
      await run(trx.withTables<LedgerTables>())
    }),
  )

  return {
    reserve: (request) => commit([], (trx) => reserve(trx, request)),

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

    keepSignature: (id, window, signed) =>
      commit([], (trx) => keepSignature(trx, id, window, signed)),

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
  }
}
