import { sql } from 'kysely'
import { z } from 'zod'
import { fallsTo, type SlidingSum } from '../policy/rate/slidingSum.ts'
import { groupCommit } from '../store/groupCommit.ts'
import type { Lock } from '../store/locks.ts'
import type { Store } from '../store/store.ts'
import type { RateTables } from './rateTables.ts'
import type { CountedRate, RequestCounter } from './requestCounter.ts'
import { rateName, takeAll } from './requestCounter.ts'

/** Transactions between two looks for sums that are over. */
const pruningEvery = 1_000
/** Names in one statement. */
const chunk = 500

const storedSum = z.object({ newest: z.number(), sums: z.array(z.number()) })

/** Sums of one transaction: those that were read, and those that are to be written. */
type Sums = {
  read: Map<string, SlidingSum>
  written: Map<string, { sum: SlidingSum; end: number }>
}

/**
 * Counts in a store that instances share (PostgreSQL): a rate is one, however many there are. What
 * waits at the same time is one transaction, as in the ledger.
 */
export function createSharedRequestCounter(
  store: Pick<Store, 'db' | 'read' | 'transaction' | 'lock'>,
): RequestCounter {
  const db = store.db.withTables<RateTables>()
  let transactions = 0

  async function load(from: typeof db, names: readonly string[]): Promise<Map<string, SlidingSum>> {
    const distinct = [...new Set(names)]
    const read = new Map<string, SlidingSum>()
    for (let start = 0; start < distinct.length; start += chunk) {
      const rows = await from
        .selectFrom('request_sums')
        .select(['name', 'sum'])
        .where('name', 'in', distinct.slice(start, start + chunk))
        .execute()
      for (const { name, sum } of rows) read.set(name, storedSum.parse(JSON.parse(sum)))
    }
    return read
  }

  const commit = groupCommit<Sums, Lock>((locks, run) =>
    store.transaction(async (trx) => {
      // A crash of the database may forget requests of its last moment: a rate is no budget.
      await sql`set local synchronous_commit to off`.execute(trx)
      await store.lock(trx, locks)
      const own = trx.withTables<RateTables>()
      const names = locks.map(({ name }) => name)
      const sums: Sums = { read: await load(own, names), written: new Map() }
      await run(sums)
      const rows = [...sums.written].map(([name, { sum, end }]) => ({
        name,
        sum: JSON.stringify(sum),
        ends_at: end,
      }))
      for (let start = 0; start < rows.length; start += chunk)
        await own
          .insertInto('request_sums')
          .values(rows.slice(start, start + chunk))
          .onConflict((conflict) =>
            conflict.column('name').doUpdateSet((eb) => ({
              sum: eb.ref('excluded.sum'),
              ends_at: eb.ref('excluded.ends_at'),
            })),
          )
          .execute()
    }),
  )

  /** Whoever names senders without end fills no disk. */
  function prune(now: number) {
    if (transactions++ % pruningEvery !== 0) return
    const old = db.deleteFrom('request_sums').where('ends_at', '<', Math.floor(now))
    // What is not deleted now is the next time.
    store.read(() => old.execute()).catch(() => undefined)
  }

  return async (rates, { now, requests = 1, counts = true }) => {
    if (rates.length === 0) return undefined
    const names = rates.map(rateName)
    if (!counts) {
      const read = await store.read(() => load(db, names))
      return takeAll(rates, (name) => read.get(name), now, requests).refusal
    }
    prune(now)
    return commit(
      names.map((name) => ({ kind: 'rate', name })),
      async ({ read, written }) => {
        const result = takeAll(
          rates,
          (name) => written.get(name)?.sum ?? read.get(name),
          now,
          requests,
        )
        for (const { name, rate, sum } of result.taken)
          written.set(name, { sum, end: endOf(sum, rate, now) })
        return result.refusal
      },
    )
  }
}

function endOf(sum: SlidingSum, { seconds }: CountedRate['rate'], now: number): number {
  return fallsTo(sum, 0, seconds, now)
}
