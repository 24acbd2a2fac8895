import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { changes, hash, request, start } from '../testing/ledgerFixtures.ts'
import { ledgerOf, onPostgres } from '../testing/ledgers.ts'
import type { LedgerTables } from './sql/schema.ts'

onPostgres((location) => {
  const ledger = ledgerOf(location)

  test('a sponsorship that is reserved again while the old ones are forgotten stays', async () => {
    const asked = request({ id: hash(1) })
    await ledger().reserve(asked)
    await ledger().follow(changes({ expireBefore: start + 601 }))
    const { store } = ledger()
    const tables = store.db.withTables<LedgerTables>()

    /** Until somebody waits for a row. */
    const someoneWaits = async () => {
      for (;;) {
        const { rows } = await sql`
          select 1 from pg_locks join pg_stat_activity using (pid)
          where not granted and datname = current_database()`.execute(store.db)
        if (rows.length > 0) return
      }
    }
    const forgetting = await store.transaction(async (trx) => {
      // What `reserve` writes, of an instance that has not committed yet.
      await trx
        .withTables<LedgerTables>()
        .updateTable('sponsorships')
        .set({ state: 'reserved', valid_until: start + 90_000 })
        .execute()
      const late = ledger().follow(changes({ height: 2n, expireBefore: start + 601 + 86_400 }))
      await someoneWaits()
      return { late }
    })
    await forgetting.late
    expect(await tables.selectFrom('sponsorships').select(['id', 'state']).execute()).toEqual([
      { id: hash(1), state: 'reserved' },
    ])
  })
})
