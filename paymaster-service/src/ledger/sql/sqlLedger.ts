import type { Address } from 'viem'
import { getAddress } from 'viem'
import { groupCommit } from '../../store/groupCommit.ts'
import type { Store, StoreTransaction } from '../../store/store.ts'
import type { Ledger } from '../ledger.ts'
import { advance, rewind } from './advance.ts'
import { readBlocks } from './blocks.ts'
import type { Books } from './books.ts'
import { openBooks } from './books.ts'
import { keepSignature } from './keepSignature.ts'
import { report } from './report.ts'
import { preview, reserve } from './reserve.ts'
import { operationKey, operationLock, policyLock, toSponsorship } from './rows.ts'
import type { LedgerTables } from './schema.ts'
import { usage } from './usage.ts'

/** The ledger in a store that was opened with `ledgerArea`. */
export function createSqlLedger(store: Store): Ledger {
  const db = store.db.withTables<LedgerTables>()
  const booksOn = (trx: StoreTransaction) => openBooks(trx.withTables<LedgerTables>())
  const commit = groupCommit<Books>((locks, run) =>
    store.transaction(async (trx) => {
      await store.lock(trx, locks)
      const books = booksOn(trx)
      await books.load(locks.filter(({ kind }) => kind === 'operation').map(({ name }) => name))
      await run(books)
      await books.flush()
    }),
  )

  return {
    reserve: (request) =>
      commit([operationLock(operationKey(request)), policyLock(request.policy.id)], (books) =>
        reserve(books, request),
      ),

    async find(ids, keepUntil) {
      const query = db
        .selectFrom('sponsorships')
        .selectAll()
        .where('id', 'in', [...ids])
        .where('state', 'in', ['reserved', 'settled'])
        .where('valid_until', '>=', keepUntil)
        .orderBy('created_at')
      const row = await store.read(() => query.executeTakeFirst())
      return row && toSponsorship(row)
    },

    preview: (question) => store.transaction((trx) => preview(booksOn(trx), question)),

    keepSignature: (signed) =>
      commit([operationLock(operationKey(signed.key))], (books) => keepSignature(books, signed)),

    advance: (changes) => store.transaction((trx) => advance(store, trx, changes)),

    rewind: (chainId, from, to) =>
      store.transaction((trx) => rewind(store, trx, { chainId, from, to })),

    followedBlocks: (chainId) => store.read(() => readBlocks(db, chainId)),

    async outstandingSenders(chainId) {
      const query = db
        .selectFrom('sponsorships')
        .select('sender')
        .distinct()
        .where('state', '=', 'reserved')
        .where('chain_id', '=', chainId)
        .orderBy('sender')
      const rows = await store.read(() => query.execute())
      return rows.map(({ sender }): Address => getAddress(sender))
    },

    usage: (policy, now) => store.transaction((trx) => usage(booksOn(trx), policy, now)),

    report: (query) => store.read(() => report(store, query)),
  }
}
