import { groupCommit } from '../../store/groupCommit.ts'
import type { Lock } from '../../store/locks.ts'
import type { Store, StoreTransaction } from '../../store/store.ts'
import { capBuckets, paymasterBucket } from '../buckets.ts'
import type { Advance, Ledger, ReserveRequest, Signed } from '../ledger.ts'
import type { LedgerObserver } from '../ledgerObserver.ts'
import { abandon } from './abandon.ts'
import { advance, rewind } from './advance.ts'
import { readBlocks } from './blocks.ts'
import { bookStatements } from './bookStatements.ts'
import type { Books } from './books.ts'
import { openBooks } from './books.ts'
import { keepSignature } from './keepSignature.ts'
import { outstandingSenders } from './outstandingSenders.ts'
import { readPaymasterAccount } from './paymasterAccount.ts'
import { preview, reserve } from './reserve.ts'
import {
  ofOperation,
  operationKey,
  operationLock,
  paymasterLock,
  policyLock,
  toSponsorship,
} from './rows.ts'
import type { LedgerTables } from './schema.ts'
import { usage } from './usage.ts'

/** Work of one transaction, and what is told of it at its end. */
type Group = { books: Books; signed: Signed[] }

/** Locks that the work takes, and balances that it is going to look at. */
type Need = Lock | { kind: 'bucket'; name: string }

/** The ledger in a store that was opened with `ledgerArea`. */
export function createSqlLedger(store: Store, observer?: LedgerObserver): Ledger {
  const db = store.db.withTables<LedgerTables>()
  const statements = bookStatements(store)
  const booksOn = (trx: StoreTransaction) => openBooks(trx, statements)
  const commit = groupCommit<Group, Need>((needs, run) =>
    store.transaction(async (trx) => {
      await store.lock(
        trx,
        needs.filter((need) => need.kind !== 'bucket'),
      )
      const books = booksOn(trx)
      const named = (of: Need['kind']) =>
        needs.filter(({ kind }) => kind === of).map(({ name }) => name)
      await books.load(named('operation'))
      await books.loadBalances(named('bucket'))
      const group: Group = { books, signed: [] }
      await run(group)
      await books.flush()
      const written = trx.withTables<LedgerTables>()
      if (group.signed.length > 0) await observer?.signed(written, group.signed)
    }),
  )

  return {
    reserve: (request) =>
      commit(
        [
          operationLock(operationKey(request)),
          policyLock(request.policy.id),
          paymasterLock(request),
          ...bucketsOf(request).map((name) => ({ kind: 'bucket', name }) as const),
        ],
        async ({ books, signed }) => {
          const result = await reserve(books, request)
          if (result.kind === 'refused') return result
          const { id, window } = result.sponsorship
          if (result.signed) signed.push({ key: request, id, window, ...result.signed })
          return result
        },
      ),

    async find(of, ids, keepUntil) {
      const key = operationKey(of)
      const query = db
        .selectFrom('sponsorships')
        .selectAll()
        .where(ofOperation(key))
        .where('id', 'in', [...ids])
        .where('state', 'in', ['reserved', 'settled'])
        .where('valid_until', '>=', keepUntil)
        .orderBy('created_at')
      const row = await store.read(() => query.executeTakeFirst())
      return row && toSponsorship(row)
    },

    preview: (question) => store.transaction((trx) => preview(booksOn(trx), question)),

    keepSignature: (signed) =>
      commit([operationLock(operationKey(signed.key))], (group) => {
        group.signed.push(signed)
        return keepSignature(group.books, signed)
      }),

    abandon: (reserved) =>
      commit(
        [
          operationLock(operationKey(reserved.key)),
          policyLock(reserved.policyId),
          paymasterLock(reserved.key),
        ],
        ({ books }) => abandon(books, reserved),
      ),

    async advance(changes) {
      const step = (part: Advance) =>
        store.transaction(async (trx) => {
          const result = await advance(store, { trx, books: booksOn(trx) }, part)
          if (result) await observer?.advanced(trx.withTables<LedgerTables>(), part)
          return result
        })
      const first = await step(changes)
      if (!first) return undefined
      const { settled, unknown } = first
      let { released } = first
      const rest = { ...changes, from: changes.through, charges: [], consumed: [] }
      // Another instance that went on does the rest.
      for (let last: typeof first | undefined = first; last?.moreEnded; ) {
        last = await step(rest)
        released += last?.released ?? 0
      }
      return { settled, released, unknown }
    },

    rewind: (chainId, from, to) =>
      store.transaction((trx) =>
        rewind(store, { trx, books: booksOn(trx) }, { chainId, from, to }),
      ),

    followedBlocks: (chainId) => store.read(() => readBlocks(db, chainId)),

    outstandingSenders: (chainId, limit) =>
      store.read(() => outstandingSenders(db, store.kind, { chainId, limit })),

    usage: (policy, now) => store.transaction((trx) => usage(booksOn(trx), policy, now)),

    paymasterAccount: (of) => store.read(() => readPaymasterAccount(db, of)),
  }
}

/** Every balance that a reservation is held against. */
function bucketsOf(request: ReserveRequest): string[] {
  const { policy, sender, now } = request
  return [...capBuckets(policy, sender, now).map(({ id }) => id), paymasterBucket(request)]
}
