import { CompiledQuery, sql } from 'kysely'
import { expect, test } from 'vitest'
import { ofOperation } from '../ledger/sql/rows.ts'
import type { LedgerTables } from '../ledger/sql/schema.ts'
import { alice, bob, chainId, changes, charge, hash, request } from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'

onEveryStore((ledger) => {
  test('each sender with a reservation on the chain, once', async () => {
    expect(await ledger().outstandingSenders(chainId, 9)).toEqual([])
    for (const [index, sender] of [bob, alice, bob, alice].entries())
      await ledger().reserve(request({ id: hash(index), nonce: BigInt(index), sender }))
    await ledger().reserve(request({ id: hash(9), chainId: 2, sender: bob }))
    expect(await ledger().outstandingSenders(chainId, 9)).toEqual([alice, bob])
    expect(await ledger().outstandingSenders(chainId, 1)).toEqual([alice])
    expect(await ledger().outstandingSenders(2, 9)).toEqual([bob])
    expect(await ledger().outstandingSenders(3, 9)).toEqual([])

    const charges = [0n, 2n].map((nonce) => charge({ sender: bob, nonce, userOpHash: hash(nonce) }))
    await ledger().follow(changes({ charges }))
    expect(await ledger().outstandingSenders(chainId, 9)).toEqual([alice])
  })

  test('also after a restart, and not those of a transaction that failed', async () => {
    await ledger().reserve(request({ id: hash(1), sender: bob }))
    await ledger().reopen()
    expect(await ledger().outstandingSenders(chainId, 9)).toEqual([bob])
    const { store } = ledger()
    const failing = store.transaction(async (trx) => {
      await trx.withTables<LedgerTables>().deleteFrom('sponsorships').execute()
      throw new Error('taken back')
    })
    await expect(failing).rejects.toThrow('taken back')
    expect(await ledger().outstandingSenders(chainId, 9)).toEqual([bob])
    await ledger().empty()
    expect(await ledger().outstandingSenders(chainId, 9)).toEqual([])
  })

  test('what is written for a reservation in SQLite has one place at random', async () => {
    if (ledger().store.kind !== 'sqlite') return
    const { rows } = await sql<{ name: string }>`
      select name from sqlite_schema where type = 'index' and tbl_name = 'sponsorships' order by name
    `.execute(ledger().store.db)
    expect(rows.map(({ name }) => name)).toEqual([
      'sponsorships_by_block',
      'sponsorships_by_day',
      'sponsorships_by_end',
      'sponsorships_promised',
      'sqlite_autoindex_sponsorships_1',
    ])
  })

  test('SQLite finds the rows of an operation by the key', async () => {
    if (ledger().store.kind !== 'sqlite') return
    const { sql: text, parameters } = ledger()
      .store.db.withTables<LedgerTables>()
      .selectFrom('sponsorships')
      .selectAll()
      .where(ofOperation('1:0xaa:0xbb:0x1'))
      .compile()
    expect(parameters).toEqual(['0xbb', '0x1', '1:0xaa:0xbb:0x1'])
    const { rows } = await ledger().store.db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${text}`, [...parameters]),
    )
    expect(rows.map(({ detail }) => detail)).toEqual([
      'SEARCH sponsorships USING INDEX sqlite_autoindex_sponsorships_1 (sender=? AND nonce=?)',
    ])
  })
})
