import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { LedgerTables } from '../ledger/sql/schema.ts'
import { ledgerArea } from '../ledger/sql/schema.ts'
import type { StoreLocation } from '../store/location.ts'
import { openStore } from '../store/openStore.ts'
import type { Store, StoreArea } from '../store/store.ts'
import { createTestDatabase, startPostgres } from '../testing/postgresDatabase.ts'
import { usageArea } from './tables.ts'

const until = (area: StoreArea, version: number): StoreArea => ({
  ...area,
  migrations: area.migrations.slice(0, version),
})

async function movesOrigins(location: StoreLocation) {
  const before = await openStore(location, [until(ledgerArea, 3), until(usageArea, 1)])
  for (const id of ['asked', 'unasked']) await insertSponsorship(before, id)
  await sql`
    insert into sponsorship_origins values ('asked', 'shop', 'key1', '0x01+0x02', 77, '5:0xaa')
  `.execute(before.db)
  await before.close()

  const store = await openStore(location, [ledgerArea, usageArea])
  const rows = await store.db
    .withTables<LedgerTables>()
    .selectFrom('sponsorships')
    .select(['id', 'app', 'key_id', 'selectors', 'told_until', 'told_settlement'])
    .orderBy('id')
    .execute()
  const tables = await store.db.introspection.getTables()
  await store.close()
  const nobody = { app: null, key_id: null, selectors: null, told_until: null }
  expect(rows).toEqual([
    {
      id: 'asked',
      ...{ app: 'shop', key_id: 'key1', selectors: '0x01+0x02' },
      ...{ told_until: 77, told_settlement: '5:0xaa' },
    },
    { id: 'unasked', ...nobody, told_settlement: null },
  ])
  expect(tables.map(({ name }) => name)).not.toContain('sponsorship_origins')
}

/** As the third version of the ledger has it. */
async function insertSponsorship({ db }: Store, id: string) {
  await sql`
    insert into sponsorships (
      id, operation_key, chain_id, paymaster, sender, nonce, policy_id, policy_hash, global_buckets, user_buckets,
      amount, held, valid_after, valid_until, state, cost, cost_micro_usd, reverted, created_at, day
    ) values (${id}, ${id}, 1, '0x', '0x', '0', 'p', '0x', '', '', '1', '1', 0, 0, 'reserved', '0', '0', 0, 0, 0)
  `.execute(db)
}

test('a store of before says afterwards who asked for what, in sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fabstir-usage-'))
  await movesOrigins(`sqlite:${join(folder, 'store.db')}`)
  rmSync(folder, { recursive: true })
})

test('a store of before says afterwards who asked for what, in postgres', async () => {
  await startPostgres()
  const database = await createTestDatabase()
  await movesOrigins(database.location)
  await database.drop()
}, 120_000)
