import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'

type Area = { area: string; version: number }

describe.each(testStores)('a statement for lists in $name', ({ open }) => {
  let opened: TestStore
  let built: number[]

  // The first of the process starts a PostgreSQL server.
  beforeEach(async () => {
    opened = await open()
    built = []
  }, 120_000)
  afterEach(() => opened.close())

  const writing = () =>
    opened.store.listStatement<Area, unknown>({
      build(db, areas) {
        built.push(areas.length)
        const rows = areas.map(({ area, version }) => sql`(${area}, ${version})`)
        return sql`
          insert into store_areas (area, version) values ${sql.join(rows)}
          on conflict (area) do update set version = excluded.version
        `.compile(db)
      },
      parameters: ({ area, version }) => [area, version],
    })
  const reading = () =>
    opened.store.listStatement<string, Area>({
      build: (db, names) =>
        db.selectFrom('store_areas').selectAll().where('area', 'in', names).compile(),
      parameters: (name) => [name],
    })
  const areas = (count: number, version: number) =>
    Array.from({ length: count }, (_, index) => ({ area: `test ${index}`, version }))

  test.each([0, 1, 5, 64, 150])('%i items are written, replaced and read', async (count) => {
    const [write, read] = [writing(), reading()]
    for (const version of [1, 2]) {
      const found = await opened.store.transaction(async (trx) => {
        await write(trx, areas(count, version))
        return read(trx, ['nobody', ...areas(count, 0).map(({ area }) => area)])
      })
      expect(found).toHaveLength(count)
      expect(found).toEqual(expect.arrayContaining(areas(count, version)))
    }
  })

  test('its text is made once for each length that the store uses', async () => {
    const write = writing()
    for (const count of [3, 70, 70, 9])
      await opened.store.transaction((trx) => write(trx, areas(count, 1)))
    expect(built.toSorted((a, b) => a - b)).toEqual(
      opened.store.kind === 'sqlite' ? [1] : [1, 4, 64],
    )
  })

  test('what it wrote is undone with its transaction, and no part of it stays', async () => {
    const [write, read] = [writing(), reading()]
    const failed = opened.store.transaction(async (trx) => {
      await write(trx, areas(70, 1))
      await write(trx, [{ area: 'broken', version: null as unknown as number }])
    })
    await expect(failed).rejects.toThrow(/null/i)
    const left = await opened.store.transaction((trx) =>
      read(trx, [...areas(70, 0).map(({ area }) => area), 'broken']),
    )
    expect(left).toEqual([])
  })
})
