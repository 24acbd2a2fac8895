import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { storeAreas } from '../../composition/storeAreas.ts'
import type { StoreLocation } from '../../store/location.ts'
import { openStore } from '../../store/openStore.ts'
import { changes, charge, hash, request, start } from '../../testing/ledgerFixtures.ts'
import { createTestDatabase, startPostgres } from '../../testing/postgresDatabase.ts'
import { ledgerKeysArea } from './keysArea.ts'
import type { LedgerTables } from './schema.ts'
import { createSqlLedger } from './sqlLedger.ts'

const asked = request({ id: hash(1), origin: { app: 'shop', keyId: 'key1' } })

/** @param version What the store of before has of the area's migrations. */
async function keepsSponsorships(location: StoreLocation, version: number) {
  const rows = async (store: Awaited<ReturnType<typeof openStore>>) =>
    store.db.withTables<LedgerTables>().selectFrom('sponsorships').selectAll().execute()

  const { name, migrations } = ledgerKeysArea
  const before = await openStore(
    location,
    storeAreas.map((area) =>
      area === ledgerKeysArea ? { name, migrations: migrations.slice(0, version) } : area,
    ),
  )
  // As the service of before wrote it.
  await sql`
    insert into sponsorships (
      id, operation_key, chain_id, paymaster, sender, nonce, policy_id, policy_hash, global_buckets, user_buckets,
      amount, held, price, valid_after, valid_until, signature, user_op_hash, state, cost, cost_micro_usd, reverted,
      created_at, day, app, key_id, selectors, told_until
    ) values (
      ${asked.id}, ${`1:${asked.paymaster}:${asked.sender.toLowerCase()}:0x0`}, 1, ${asked.paymaster},
      ${asked.sender.toLowerCase()}, '0x0', 'p', '0xab', '', '', '100', '100', '7', ${start - 60}, ${start + 600},
      '0x51', ${hash(7)}, 'reserved', '0', '0', 0, ${start}, 950400, 'shop', 'key1', '0x11111111', 5
    )
  `.execute(before.db)
  const written = await rows(before)
  await before.close()

  const store = await openStore(location, storeAreas)
  expect(await rows(store)).toEqual(written)
  const ledger = createSqlLedger(store)
  expect(await ledger.outstandingSenders(1, 9)).toEqual([asked.sender])
  expect(await ledger.find(asked, [asked.id], start)).toMatchObject({ signature: '0x51' })
  expect(await ledger.find({ ...asked, nonce: 1n }, [asked.id], start)).toBeUndefined()
  // The same again, and not a second row.
  expect(await ledger.reserve(asked)).toMatchObject({ sponsorship: { signature: '0x51' } })
  await ledger.advance({
    from: undefined,
    ...changes({ charges: [charge({ userOpHash: hash(7) })] }),
  })
  expect(await rows(store)).toMatchObject([{ id: asked.id, state: 'settled', app: 'shop' }])
  await store.close()

  // Nothing is left to do.
  await (await openStore(location, storeAreas)).close()
}

describe.each([0, 1, 2])(
  'a store of before, with %d of the migrations, keeps its sponsorships',
  (version) => {
    test('in sqlite', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'fabstir-keys-'))
      await keepsSponsorships(`sqlite:${join(folder, 'store.db')}`, version)
      rmSync(folder, { recursive: true })
    })

    test('in postgres', async () => {
      await startPostgres()
      const database = await createTestDatabase()
      await keepsSponsorships(database.location, version)
      await database.drop()
    }, 120_000)
  },
)
