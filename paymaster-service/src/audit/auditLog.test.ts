import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPostgres } from '../testing/postgresDatabase.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import { appendAudit, readAudit, takeTurn, verifyAudit } from './auditLog.ts'
import type { AuditDatabase, AuditTables } from './tables.ts'

beforeAll(startPostgres, 120_000)

describe.each(testStores)('the audit log in $name', ({ open }) => {
  let opened: TestStore
  let db: AuditDatabase

  beforeEach(async () => {
    opened = await open()
    db = opened.store.db.withTables<AuditTables>()
  })
  afterEach(() => opened.close())

  const append = (subject: string) =>
    opened.store.transaction(async (trx) => {
      const audit = trx.withTables<AuditTables>()
      await takeTurn(audit)
      return appendAudit(audit, {
        actor: 'admin:ada',
        action: 'key.issue',
        subject,
        beforeHash: null,
        afterHash: 'cd'.repeat(32),
        at: 1_700_000_000,
      })
    })
  const appendAll = async (count: number) => {
    for (let index = 1; index <= count; index++) await append(`key/${index}`)
  }
  const headOf = async () => {
    const verdict = await verifyAudit(db)
    if (!verdict.ok) throw new Error(verdict.problem)
    return verdict.head
  }

  test('entries are chained in their order, also those written at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => append(`key/${index}`)))
    const entries = await readAudit(db, {})
    expect(entries.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    )
    expect(await verifyAudit(db)).toMatchObject({ ok: true, entries: 20 })
  })

  test('a transaction that fails leaves no entry and no gap', async () => {
    await append('key/1')
    const failing = opened.store.transaction(async (trx) => {
      await appendAudit(trx.withTables<AuditTables>(), {
        ...{ actor: 'a', action: 'b', subject: 'c', beforeHash: null, afterHash: null, at: 1 },
      })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await append('key/2')
    expect(await verifyAudit(db)).toMatchObject({ ok: true, entries: 2 })
  })

  test.each([
    { column: 'at', value: '1' },
    { column: 'actor', value: "'admin:eve'" },
    { column: 'action', value: "'key.revoke'" },
    { column: 'subject', value: "'key/9'" },
    { column: 'before_hash', value: `'${'ab'.repeat(32)}'` },
    { column: 'after_hash', value: 'null' },
    { column: 'previous_hash', value: `'${'ab'.repeat(32)}'` },
    { column: 'hash', value: `'${'ab'.repeat(32)}'` },
    { column: 'seq', value: '30' },
  ])('column $column of entry 2 tampered with: entry 2 is named', async ({ column, value }) => {
    await appendAll(3)
    await sql`update audit_log set ${sql.ref(column)} = ${sql.raw(value)} where seq = 2`.execute(db)
    expect(await verifyAudit(db)).toMatchObject({ ok: false, seq: 2 })
  })

  test('an entry that was deleted is named', async () => {
    await appendAll(3)
    await db.deleteFrom('audit_log').where('seq', '=', 2).execute()
    expect(await verifyAudit(db)).toMatchObject({ ok: false, seq: 2 })
  })

  test('entries that changed places are named', async () => {
    await appendAll(4)
    for (const [from, to] of [
      [2, 90],
      [3, 2],
      [90, 3],
    ] as const)
      await db.updateTable('audit_log').set({ seq: to }).where('seq', '=', from).execute()
    expect(await verifyAudit(db)).toMatchObject({ ok: false, seq: 2 })
  })

  test('a tail that was cut off shows by the stored head, and where that was set back too by an anchor', async () => {
    await appendAll(4)
    const anchor = await headOf()
    const third = (await readAudit(db, { after: 2, limit: 1 }))[0]
    await db.deleteFrom('audit_log').where('seq', '=', 4).execute()
    expect(await verifyAudit(db)).toMatchObject({ ok: false, seq: 4 })
    await db
      .updateTable('audit_head')
      .set({ seq: 3, hash: third?.hash ?? '' })
      .execute()
    expect(await verifyAudit(db)).toMatchObject({ ok: true, entries: 3 })
    expect(await verifyAudit(db, [anchor])).toMatchObject({ ok: false, seq: 4 })
    // Written on since, as if nothing had happened.
    await append('key/other')
    expect(await verifyAudit(db, [anchor])).toMatchObject({ ok: false, seq: 4 })
  })

  test('a log of more than one page is read to its end', async () => {
    await opened.store.transaction(async (trx) => {
      for (let at = 0; at < 1_005; at++)
        await appendAudit(trx.withTables<AuditTables>(), {
          ...{ actor: 'a', action: 'b', subject: `${at}`, beforeHash: null, afterHash: null, at },
        })
    })
    expect(await verifyAudit(db)).toMatchObject({ ok: true, entries: 1_005 })
    await db.updateTable('audit_log').set({ actor: 'x' }).where('seq', '=', 1_003).execute()
    expect(await verifyAudit(db)).toMatchObject({ ok: false, seq: 1_003 })
    // PostgreSQL answers each of the entries on its own.
  }, 60_000)
})
